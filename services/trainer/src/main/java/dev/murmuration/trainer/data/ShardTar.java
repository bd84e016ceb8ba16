package dev.murmuration.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.photo.PhotoException;
import dev.murmuration.stage.FaultIsolation;
import dev.murmuration.student.Architecture;
import dev.murmuration.student.Pixels;
import dev.murmuration.student.StudentFolder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads samples out of a shard: files of one name side by side, {@code .jpg} the photo, {@code .json} with the teacher's scores, {@code .cls} the class. Photos are
 * decoded on all cores, some dozens at a time.
 */
public final class ShardTar {

    private static final int AT_ONCE = 64;
    private static final int MAX_TEXT_BYTES = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Pixels pixels;
    private final int keptSide;
    private final long maxPhotoBytes;
    private final int maxSamples;

    /**
     * A reader.
     *
     * @param pixels how photos are squashed
     * @param keptSide to which width and height, in pixels
     * @param maxPhotoBytes of a photo
     * @param maxSamples of a shard
     */
    public ShardTar(Pixels pixels, int keptSide, long maxPhotoBytes, int maxSamples) {
        this.pixels = pixels;
        this.keptSide = keptSide;
        this.maxPhotoBytes = maxPhotoBytes;
        this.maxSamples = maxSamples;
    }

    /**
     * What a shard gave.
     *
     * @param samples in the order of the tar
     * @param odd what could not be used, by key and reason
     * @param redacted samples of deleted tweets, skipped
     */
    public record Contents(List<Sample> samples, List<String> odd, int redacted) {}

    /**
     * Reads the samples that are wanted.
     *
     * @param tar the shard's file
     * @param shard what it is called
     * @param wanted which places are read
     * @param redacted whether a key belongs to a deleted tweet
     * @throws IOException if the tar itself is broken
     */
    public Contents read(Path tar, KnownShard shard, IntPredicate wanted, Predicate<String> redacted)
            throws IOException {
        List<Sample> samples = new ArrayList<>();
        List<String> odd = new ArrayList<>();
        int skipped = 0;
        List<Raw> waiting = new ArrayList<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(tar));
                TarArchiveInputStream entries = new TarArchiveInputStream(in)) {
            int index = 0;
            Raw raw = next(entries, index, null);
            while (raw != null) {
                Raw following = next(entries, ++index, raw);
                if (redacted.test(raw.key)) {
                    skipped++;
                } else if (wanted.test(raw.index)) {
                    waiting.add(raw);
                }
                raw = following;
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

    /** The files of one sample as they lie in the tar. */
    private static final class Raw {
        private final String key;
        private final int index;
        private final Map<String, byte[]> files = new HashMap<>();
        private @Nullable Raw following;

        Raw(String key, int index) {
            this.key = key;
            this.index = index;
        }
    }

    // Reads until a file of another sample begins; that file is kept for the next call.
    private @Nullable Raw next(TarArchiveInputStream entries, int index, @Nullable Raw before) throws IOException {
        if (index > maxSamples) {
            throw new IOException("more than %d samples".formatted(maxSamples));
        }
        Raw raw = before == null ? null : before.following;
        for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
            int dot = entry.getName().indexOf('.');
            if (entry.isDirectory() || dot < 0) {
                continue;
            }
            String key = entry.getName().substring(0, dot);
            byte[] content = content(entries, entry, entry.getName().substring(dot));
            if (raw == null) {
                raw = new Raw(key, index);
            } else if (!raw.key.equals(key)) {
                raw.following = new Raw(key, index + 1);
                raw.following.files.put(entry.getName().substring(dot), content);
                return raw;
            }
            raw.files.put(entry.getName().substring(dot), content);
        }
        return raw;
    }

    private byte[] content(TarArchiveInputStream entries, TarArchiveEntry entry, String kind) throws IOException {
        long limit = kind.equals(".jpg") ? maxPhotoBytes : MAX_TEXT_BYTES;
        if (entry.getSize() > limit) {
            throw new IOException("%s has %d bytes, more than %d".formatted(entry.getName(), entry.getSize(), limit));
        }
        return entries.readNBytes((int) entry.getSize());
    }

    private void decode(List<Raw> waiting, KnownShard shard, List<Sample> samples, List<String> odd) {
        List<Read> results = waiting.parallelStream()
                .map(raw -> FaultIsolation.<Read>isolate(
                        () -> sample(raw, shard), reason -> new Read.Odd("%s: %s".formatted(raw.key, reason))))
                .toList();
        for (Read result : results) {
            switch (result) {
                case Read.Good(Sample sample) -> samples.add(sample);
                case Read.Odd(String reason) -> odd.add(reason);
            }
        }
        waiting.clear();
    }

    private Read sample(Raw raw, KnownShard shard) {
        byte[] photo = raw.files.get(".jpg");
        byte[] text = raw.files.get(".json");
        byte[] label = raw.files.get(".cls");
        if (photo == null || text == null || label == null) {
            return new Read.Odd("%s: has only %s".formatted(raw.key, raw.files.keySet()));
        }
        if (label.length < 1 || label[0] < '0' || label[0] >= '0' + Architecture.CLASSES) {
            return new Read.Odd("%s: .cls is no class".formatted(raw.key));
        }
        try {
            float[] scores = scores(JSON.readTree(text).path("scores"));
            if (scores == null) {
                return new Read.Odd("%s: .json has no scores".formatted(raw.key));
            }
            return new Read.Good(new Sample(shard, raw.index, scores, label[0] - '0', pixels.squash(photo, keptSide)));
        } catch (PhotoException damaged) {
            return new Read.Odd("%s: %s".formatted(raw.key, damaged.getMessage()));
        } catch (IOException malformed) {
            return new Read.Odd("%s: .json is no JSON".formatted(raw.key));
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
