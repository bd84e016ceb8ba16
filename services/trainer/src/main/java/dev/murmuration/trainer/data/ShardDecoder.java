package dev.murmuration.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.photo.PhotoException;
import dev.murmuration.shard.ShardReader;
import dev.murmuration.shard.ShardSample;
import dev.murmuration.stage.FaultIsolation;
import dev.murmuration.student.StudentFolder;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.pixels.Pixels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads samples out of a shard: files of one name side by side, {@code .jpg} the photo, {@code .json} with the teacher's scores,
 * {@code .cls} the class. Photos are decoded on all cores, some dozens at a time.
 */
public final class ShardDecoder {

    private static final int AT_ONCE = 64;
    private static final int MAX_TEXT_BYTES = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Pixels pixels;
    private final int keptSide;
    private final ShardReader.Limits limits;

    /**
     * A decoder.
     *
     * @param pixels how photos are resized
     * @param keptSide width and height to resize them to, in pixels
     * @param maxPhotoBytes of a photo
     * @param maxSamples of a shard
     */
    public ShardDecoder(Pixels pixels, int keptSide, long maxPhotoBytes, int maxSamples) {
        this.pixels = pixels;
        this.keptSide = keptSide;
        this.limits = new ShardReader.Limits(maxPhotoBytes, MAX_TEXT_BYTES, maxSamples);
    }

    /**
     * The samples of a shard.
     *
     * @param samples in the order of the tar
     * @param odd samples that could not be used, as key and reason
     * @param redacted samples of deleted tweets, skipped
     */
    public record Contents(List<Sample> samples, List<String> odd, int redacted) {}

    /**
     * Reads the selected samples.
     *
     * @param tar the shard's file
     * @param shard its key and hash
     * @param wanted whether to read the sample at an index
     * @param redacted whether a key belongs to a deleted tweet
     * @throws IOException if the tar itself is broken
     */
    public Contents read(Path tar, ShardReference shard, IntPredicate wanted, Predicate<String> redacted)
            throws IOException {
        List<Sample> samples = new ArrayList<>();
        List<String> odd = new ArrayList<>();
        int skipped = 0;
        List<ShardSample> waiting = new ArrayList<>();
        try (ShardReader reader = ShardReader.open(tar, limits)) {
            for (Optional<ShardSample> read = reader.next(); read.isPresent(); read = reader.next()) {
                if (redacted.test(read.get().key())) {
                    skipped++;
                } else if (wanted.test(read.get().index())) {
                    waiting.add(read.get());
                }
                if (waiting.size() >= AT_ONCE) {
                    decode(waiting, shard, samples, odd);
                }
            }
        }
        decode(waiting, shard, samples, odd);
        return new Contents(samples, odd, skipped);
    }

    private sealed interface Read {
        record Good(Sample sample) implements Read {}

        record Odd(String reason) implements Read {}
    }

    private void decode(List<ShardSample> waiting, ShardReference shard, List<Sample> samples, List<String> odd) {
        List<Read> results = waiting.parallelStream()
                .map(raw -> FaultIsolation.<Read>isolate(
                        () -> sample(raw, shard), reason -> new Read.Odd("%s: %s".formatted(raw.key(), reason))))
                .toList();
        for (Read result : results) {
            switch (result) {
                case Read.Good(Sample sample) -> samples.add(sample);
                case Read.Odd(String reason) -> odd.add(reason);
            }
        }
        waiting.clear();
    }

    private Read sample(ShardSample raw, ShardReference shard) {
        if (raw.photo().isEmpty() || raw.description().isEmpty() || raw.label().isEmpty()) {
            return new Read.Odd(
                    "%s: has only %s".formatted(raw.key(), raw.files().keySet()));
        }
        byte[] label = raw.label().get();
        if (label.length < 1 || label[0] < '0' || label[0] >= '0' + Architecture.CLASSES) {
            return new Read.Odd("%s: .cls is not a class".formatted(raw.key()));
        }
        try {
            float[] scores = scores(JSON.readTree(raw.description().get()).path("scores"));
            if (scores == null) {
                return new Read.Odd("%s: .json has no scores".formatted(raw.key()));
            }
            return new Read.Good(new Sample(
                    shard,
                    raw.index(),
                    raw.key(),
                    scores,
                    label[0] - '0',
                    pixels.squash(raw.photo().get(), keptSide)));
        } catch (PhotoException e) {
            return new Read.Odd("%s: %s".formatted(raw.key(), e.getMessage()));
        } catch (IOException e) {
            return new Read.Odd("%s: .json is not JSON".formatted(raw.key()));
        }
    }

    private static float @Nullable [] scores(JsonNode node) {
        float[] scores = new float[Architecture.CLASSES];
        for (int i = 0; i < scores.length; i++) {
            double score = node.path(StudentFolder.LABELS.get(i)).asDouble(Double.NaN);
            if (!(score >= 0 && score <= 1)) {
                return null;
            }
            scores[i] = (float) score;
        }
        return scores;
    }
}
