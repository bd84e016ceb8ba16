package dev.murmuration.filter.shard;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.stage.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** One training example: a photo, what is known about it, and its class. Three files of one name in a shard. */
final class Sample {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final LabelledImage labelled;
    private final Photo.Ready photo;
    private final byte[] json;

    /** @param license the terms of the feed it came from, for whoever reads the shard; empty: nothing is said */
    Sample(LabelledImage labelled, Photo.Ready photo, String license) {
        this.labelled = labelled;
        this.photo = photo;
        this.json = json(labelled, photo, license);
    }

    LabelledImage labelled() {
        return labelled;
    }

    Photo.Ready photo() {
        return photo;
    }

    /** The first half of every key of a tweet's samples: 16 hexadecimal digits, so that no id can break a file name. */
    static String hash16(String tweetId) {
        return ObjectStore.sha256(tweetId.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }

    String key() {
        return hash16(labelled.getTweetId()) + "-" + labelled.getImage().getIndex();
    }

    /** How many bytes of a shard it takes without the tar format's own. */
    long bytes() {
        return (long) photo.jpeg().length + json.length + cls().length;
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
