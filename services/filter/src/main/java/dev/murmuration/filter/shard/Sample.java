package dev.murmuration.filter.shard;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Thresholds;
import dev.murmuration.shard.SampleKey;
import dev.murmuration.shard.ShardWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** One training example: a photo, what is known about it, and its class. Three files of one name in a shard. */
final class Sample {

    private static final Pattern DATASET = Pattern.compile("[a-z0-9-]{1,100}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LabelledImage labelled;
    private final Photo.Ready photo;
    private final byte[] json;

    /**
     * Checks what a shard cannot hold.
     *
     * @param license the terms of the feed it came from, for whoever reads the shard; empty: nothing is said
     * @throws IllegalArgumentException if it is no sample of any data set
     */
    Sample(LabelledImage labelled, Photo.Ready photo, String license) {
        check(labelled);
        this.labelled = labelled;
        this.photo = photo;
        this.json = json(labelled, photo, license);
    }

    private static void check(LabelledImage labelled) {
        List<String> datasets = labelled.getDatasets();
        if (Set.copyOf(datasets).size() != datasets.size()
                || !datasets.stream().allMatch(name -> DATASET.matcher(name).matches())) {
            throw new IllegalArgumentException("its data sets are not names, or one is named twice");
        }
        if (!labelled.getThresholds().isEmpty() && labelled.getThresholds().size() != datasets.size()) {
            throw new IllegalArgumentException("it has thresholds of %d data sets and is in %d"
                    .formatted(labelled.getThresholds().size(), datasets.size()));
        }
        Scores scores = labelled.getScores();
        for (double score : new double[] {scores.getNegative(), scores.getNeutral(), scores.getPositive()}) {
            if (!(score >= 0 && score <= 1)) {
                throw new IllegalArgumentException("a score is not a probability");
            }
        }
        if (labelled.getImage().getIndex() < 0) {
            throw new IllegalArgumentException(
                    "its photo has the index " + labelled.getImage().getIndex());
        }
    }

    LabelledImage labelled() {
        return labelled;
    }

    /** When the feed handed it over, which orders a stream; where that is not known, when its author says that it was posted. */
    Instant arrivedAt() {
        Instant arrived = labelled.getArrivedAt();
        return arrived.equals(Instant.EPOCH) ? labelled.getCreatedAt() : arrived;
    }

    /** The thresholds by which this data set took it; empty where its label does not say. */
    Optional<Thresholds> thresholds(String dataset) {
        int index = labelled.getDatasets().indexOf(dataset);
        return index < 0 || labelled.getThresholds().isEmpty()
                ? Optional.empty()
                : Optional.of(labelled.getThresholds().get(index));
    }

    Photo.Ready photo() {
        return photo;
    }

    SampleKey key() {
        return SampleKey.of(labelled.getTweetId(), labelled.getImage().getIndex());
    }

    /** Size of its files, without what the tar format adds. */
    long bytes() {
        return (long) photo.jpeg().length + json.length + cls().length;
    }

    /** Minimum size in a shard. */
    long tarBytes() {
        return ShardWriter.bytes(bytes());
    }

    /**
     * Tries to write it to nowhere, so that a sample that a shard cannot hold is found before its shard is sealed.
     *
     * @throws RuntimeException if a shard cannot hold it
     */
    void check() {
        write(List.of(this), OutputStream.nullOutputStream());
    }

    /** A shard with these samples. */
    static byte[] tar(List<Sample> samples) {
        long size = samples.stream().mapToLong(Sample::tarBytes).sum();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(ShardWriter.capacity(size));
        write(samples, bytes);
        return bytes.toByteArray();
    }

    private static void write(List<Sample> samples, OutputStream out) {
        try (ShardWriter shard = new ShardWriter(out)) {
            for (Sample sample : samples) {
                shard.write(
                        sample.key(),
                        sample.labelled().getCreatedAt(),
                        sample.photo().jpeg(),
                        sample.json(),
                        sample.cls());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
    }

    /** The index of the class in one digit: 0 negative, 1 neutral, 2 positive. */
    byte[] cls() {
        String digit =
                switch (labelled.getLabel()) {
                    case negative -> "0";
                    case neutral -> "1";
                    case positive -> "2";
                };
        return digit.getBytes(StandardCharsets.US_ASCII);
    }

    /** Everything else that is known, nothing of when and where it was packed. */
    byte[] json() {
        return json;
    }

    private static byte[] json(LabelledImage labelled, Photo.Ready photo, String license) {
        Image image = labelled.getImage();
        ObjectNode json = JSON.createObjectNode();
        json.put("tweetId", labelled.getTweetId());
        json.put("imageIndex", image.getIndex());
        json.put("source", labelled.getSource());
        if (!license.isEmpty()) {
            json.put("license", license);
        }
        json.put("createdAt", labelled.getCreatedAt().toString());
        if (labelled.getText() != null) {
            json.put("text", labelled.getText());
        }
        json.put("label", labelled.getLabel().name());
        json.putObject("scores")
                .put("negative", labelled.getScores().getNegative())
                .put("neutral", labelled.getScores().getNeutral())
                .put("positive", labelled.getScores().getPositive());
        json.putObject("teacher")
                .put("name", labelled.getTeacher().getName())
                .put("version", labelled.getTeacher().getVersion());
        json.put("url", image.getUrl());
        json.put("sha256", image.getSha256());
        json.put("mediaType", image.getMediaType());
        json.put("width", image.getWidth());
        json.put("height", image.getHeight());
        json.put("original", photo.isOriginal());
        byte[] pdq = new byte[image.getPdq().remaining()];
        image.getPdq().duplicate().get(pdq);
        json.put("pdq", HexFormat.of().formatHex(pdq));
        json.put("pdqQuality", image.getPdqQuality());
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sample that
                && labelled.equals(that.labelled)
                && Arrays.equals(json, that.json)
                && Arrays.equals(photo.jpeg(), that.photo.jpeg());
    }

    @Override
    public int hashCode() {
        return labelled.hashCode();
    }
}
