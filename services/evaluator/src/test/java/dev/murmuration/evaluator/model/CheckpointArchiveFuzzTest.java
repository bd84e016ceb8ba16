package dev.murmuration.evaluator.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.fuzz.Fuzzer;
import dev.murmuration.stage.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a checkpoint's tar holds, its model is found, missing or damaged, and nothing is written outside of the folder that was given.
 */
class CheckpointArchiveFuzzTest {

    private static final long MOST_BYTES = 1 << 20;

    @TempDir
    private Path folder;

    @Test
    void unpacksOrSaysWhyNot() throws IOException {
        Path model = Files.createDirectories(folder.resolve("given"));
        Files.writeString(model.resolve("config.json"), "{}");
        Files.writeString(model.resolve("model.safetensors"), "weights");
        Path whole = folder.resolve("whole.tar");
        CheckpointArchive.pack(model, whole);
        CheckpointArchive archive = new CheckpointArchive(10, MOST_BYTES);
        Path tar = folder.resolve("checkpoint.tar");
        Path parts = folder.resolve("parts");

        // That it cannot be written is of the machine: a name may be too long for it, or name a folder.
        Fuzzer.Outcome outcome = Fuzzer.of("checkpoint-archive", List.of(Files.readAllBytes(whole)))
                .tokens("model/", "../", "/etc/", "ustar\00000", "77777777777\0", "\0", "2", "L", "x")
                .run(IOException.class, input -> {
                    WorkFolder.delete(parts);
                    archive.unpackModel(Files.write(tar, input), Files.createDirectories(parts));
                    assertThat(bytes(parts)).isLessThanOrEqualTo(MOST_BYTES);
                });

        assertThat(outcome.inputs()).isPositive();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("given", "whole.tar", "checkpoint.tar", "parts");
        }
    }

    private static long bytes(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
