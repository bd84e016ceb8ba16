package dev.murmuration.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.fuzz.Fuzzer;
import dev.murmuration.stage.WorkFolder;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.trainer.data.ShardDecoder;
import dev.murmuration.trainer.data.ShardReference;
import dev.murmuration.trainer.run.DrawnSamples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the tar of a shard or a checkpoint holds, the answer is its samples, its parts, or why there are none. */
class ArchiveFuzzTest {

    private static final ShardReference SHARD = new ShardReference("shards/flat/train/0-0-x.tar", "x");

    @TempDir
    private Path folder;

    @Test
    void shards() throws IOException {
        ShardDecoder tar = new ShardDecoder(DrawnSamples.PIXELS, 16, 1 << 20, 100);
        Path file = folder.resolve("shard.tar");

        Fuzzer.Outcome outcome = Fuzzer.of("shard", List.of(DrawnSamples.shard("a", 3), DrawnSamples.shard("b", 1)))
                .tokens("ustar\00000", ".jpg", ".json", ".cls", "\"scores\"", "NaN", "1e400", "77777777777\0", "x", "L")
                .run(IOException.class, input -> {
                    ShardDecoder.Contents contents = tar.read(Files.write(file, input), SHARD, i -> true, key -> false);
                    contents.samples().forEach(sample -> {
                        assertThat(sample.label()).isBetween(0, 2);
                        for (float score : sample.scores()) {
                            assertThat(score).isBetween(0f, 1f);
                        }
                    });
                });

        assertThat(outcome.inputs()).isPositive();
    }

    @Test
    void checkpoints() throws IOException {
        Path tar = folder.resolve("checkpoint.tar");
        Path parts = folder.resolve("parts");
        byte[] position = "{\"run\":\"r\",\"step\":1}".getBytes(StandardCharsets.UTF_8);
        byte[] whole = tar(List.of("model/config.json", "position.json", "state.safetensors"), position);

        Fuzzer.Outcome outcome = Fuzzer.of("checkpoint", List.of(whole))
                .tokens("../", "/", "model/", "ustar\00000", "77777777777\0", "{", "[", "1")
                .run(IOException.class, input -> {
                    WorkFolder.delete(parts);
                    CheckpointArchive.read(Files.write(tar, input), parts, Architecture.named("vit-demo-8-64"));
                });

        assertThat(outcome.refused()).isPositive();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("nothing is written beside the folder that was given")
                    .containsExactlyInAnyOrder("checkpoint.tar", "parts");
        }
    }

    private static byte[] tar(List<String> names, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (String name : names) {
                TarArchiveEntry entry = new TarArchiveEntry(name);
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }
}
