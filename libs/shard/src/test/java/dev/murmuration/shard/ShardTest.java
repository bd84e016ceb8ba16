package dev.murmuration.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.fuzz.Fuzzer;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Split;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardTest {

    private static final Instant CREATED = Instant.parse("2022-04-04T12:00:00Z");
    private static final ShardReader.Limits LIMITS = new ShardReader.Limits(10_000, 1_000, 10);

    @TempDir
    private Path folder;

    @Test
    void readsWhatWasWritten() throws IOException {
        List<ShardSample> samples = read(shard("1", "2"), LIMITS);

        assertThat(samples).extracting(ShardSample::key).containsExactly(key("1"), key("2"));
        assertThat(samples).extracting(ShardSample::index).containsExactly(0, 1);
        assertThat(samples.get(1).photo())
                .hasValueSatisfying(photo -> assertThat(photo).hasSize(5_000).containsOnly('2'));
        assertThat(samples.get(1).description())
                .hasValueSatisfying(json -> assertThat(json).asString().isEqualTo("{\"id\":2}"));
        assertThat(samples.get(1).label())
                .hasValueSatisfying(label -> assertThat(label).asString().isEqualTo("2"));
    }

    @Test
    void skipsWhatIsNotAFileOfASample() throws IOException {
        byte[] tar = tar(Map.of("README", 3L));

        assertThat(read(tar, LIMITS)).isEmpty();
        assertThatThrownBy(() ->
                        ShardWriter.copy(new ByteArrayInputStream(tar), OutputStream.nullOutputStream(), key -> true))
                .isInstanceOf(IOException.class)
                .hasMessage("README is not a file of a sample");
    }

    @Test
    void acceptsAsMuchAsTheLimitsAllowAndNoMore() throws IOException {
        assertThat(read(tar(Map.of("a.jpg", 10_000L)), LIMITS)).hasSize(1);
        assertThatThrownBy(() -> read(tar(Map.of("a.jpg", 10_001L)), LIMITS))
                .isInstanceOf(IOException.class)
                .hasMessage("a.jpg has 10001 bytes, more than 10000");
        assertThat(read(tar(Map.of("a.json", 1_000L)), LIMITS)).hasSize(1);
        assertThatThrownBy(() -> read(tar(Map.of("a.json", 1_001L)), LIMITS))
                .hasMessage("a.json has 1001 bytes, more than 1000");
        assertThat(read(shard("1", "2"), new ShardReader.Limits(10_000, 1_000, 2)))
                .hasSize(2);
        assertThatThrownBy(() -> read(shard("1", "2", "0"), new ShardReader.Limits(10_000, 1_000, 2)))
                .hasMessage("more than 2 samples");
    }

    @Test
    void copiesTheOtherSamplesBitForBit() throws IOException {
        ByteArrayOutputStream without = new ByteArrayOutputStream();

        ShardWriter.copy(new ByteArrayInputStream(shard("0", "1", "2")), without, key -> !key.equals(key("1")));

        assertThat(without.toByteArray()).isEqualTo(shard("0", "2"));
    }

    @Test
    void indexesAShardWithoutItsPhotos() throws Exception {
        byte[] tar = shard("2", "0", "2");

        assertThat(ShardIndex.read(new ByteArrayInputStream(tar)))
                .isEqualTo(new ShardIndex(
                        Sha256.hex(tar), tar.length, List.of(key("2"), key("0"), key("2")), Map.of(2, 2L, 0, 1L)));
    }

    /** It would break the line in which it is named. */
    @Test
    void aNameWithALineBreakIsRefused() throws IOException {
        byte[] tar = tar(Map.of("a\nb.jpg", 3L));

        assertThatThrownBy(() -> read(tar, LIMITS))
                .isInstanceOf(IOException.class)
                .hasMessage("a file whose name holds control characters");
    }

    @Test
    void namesAShardByWhatItCoversAndHolds() {
        assertThat(ShardName.of("flat", Split.val, 3, 40, "ab")).isEqualTo("shards/flat/val/3-40-ab.tar");
    }

    @Test
    void readsCopiesAndIndexesAnyBytesOrSaysWhyNot() throws IOException {
        Path file = folder.resolve("shard.tar");

        Fuzzer.Outcome outcome = Fuzzer.of("shard", List.of(shard("1", "2"), shard("0")))
                .tokens("ustar\00000", ".jpg", ".json", ".cls", "77777777777\0", "L", "x", "\u0080\0\0\0")
                .run(IOException.class, input -> {
                    ShardWriter.copy(new ByteArrayInputStream(input), OutputStream.nullOutputStream(), key -> true);
                    read(Files.write(file, input), LIMITS);
                    try {
                        assertThat(ShardIndex.read(new ByteArrayInputStream(input))
                                        .bytes())
                                .isEqualTo(input.length);
                    } catch (ShardIndex.MalformedException e) {
                        throw new IOException(e);
                    }
                });

        assertThat(outcome.inputs()).isPositive();
    }

    private static String key(String tweetId) {
        return SampleKey.of(tweetId, 0).toString();
    }

    private static byte[] shard(String... labels) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ShardWriter shard = new ShardWriter(bytes)) {
            for (String label : labels) {
                shard.write(
                        SampleKey.of(label, 0),
                        CREATED,
                        label.repeat(5_000).getBytes(StandardCharsets.US_ASCII),
                        "{\"id\":%s}".formatted(label).getBytes(StandardCharsets.US_ASCII),
                        label.getBytes(StandardCharsets.US_ASCII));
            }
        }
        return bytes.toByteArray();
    }

    private List<ShardSample> read(byte[] tar, ShardReader.Limits limits) throws IOException {
        return read(Files.write(folder.resolve("shard.tar"), tar), limits);
    }

    private static List<ShardSample> read(Path tar, ShardReader.Limits limits) throws IOException {
        List<ShardSample> samples = new ArrayList<>();
        try (ShardReader reader = ShardReader.open(tar, limits)) {
            for (Optional<ShardSample> sample = reader.next(); sample.isPresent(); sample = reader.next()) {
                samples.add(sample.get());
            }
        }
        return samples;
    }

    private static byte[] tar(Map<String, Long> sizes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (Map.Entry<String, Long> file : sizes.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(file.getValue());
                tar.putArchiveEntry(entry);
                tar.write(new byte[file.getValue().intValue()]);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }
}
