package dev.murmuration.evaluator.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.stage.store.Fetched;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointArchiveTest {

    @TempDir
    Path temporary;

    @Test
    void writesTheModelAndNothingElse() throws IOException {
        Path tar = tar("optimizer.safetensors", "moments", "model/config.json", "{}", "model/sub/x", "weights");

        Fetched<Path> unpacked = unpack(tar, 10, 100);

        assertThat(unpacked).isEqualTo(new Fetched.Found<>(folder()));
        assertThat(folder().resolve("config.json")).hasContent("{}");
        assertThat(folder().resolve("sub/x")).hasContent("weights");
        assertThat(folder().resolve("optimizer.safetensors")).doesNotExist();
    }

    @Test
    void saysWhereThereIsNoModel() throws IOException {
        assertThat(unpack(tar("optimizer.safetensors", "moments"), 10, 100)).isEqualTo(new Fetched.Missing<>());
    }

    @Test
    void writesNothingOutsideOfItsFolder() throws IOException {
        Fetched<Path> unpacked = unpack(tar("model/../../outside", "x"), 10, 100);

        assertThat(((Fetched.Damaged<Path>) unpacked).detail()).contains("model/../../outside");
        assertThat(temporary.resolve("outside")).doesNotExist();
    }

    @Test
    void followsNoLinks() throws IOException {
        Path tar = temporary.resolve("links.tar");
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
            TarArchiveEntry link = new TarArchiveEntry("model/link", TarConstants.LF_SYMLINK);
            link.setLinkName("/etc");
            out.putArchiveEntry(link);
            out.closeArchiveEntry();
        }

        assertThat(unpack(tar, 10, 100)).isInstanceOf(Fetched.Damaged.class);
    }

    @Test
    void takesAsMuchAsTheLimitsAndNotMore() throws IOException {
        Path tar = tar("model/a", "12345", "model/b", "67890");

        assertThat(unpack(tar, 2, 10)).isInstanceOf(Fetched.Found.class);
        assertThat(unpack(tar, 2, 9)).isInstanceOf(Fetched.Damaged.class);
        assertThat(unpack(tar, 1, 10)).isInstanceOf(Fetched.Damaged.class);
    }

    @Test
    void saysThatATarIsCutOff() throws IOException {
        byte[] whole = Files.readAllBytes(tar("model/a", "x".repeat(5_000)));
        Path cut = Files.write(temporary.resolve("cut.tar"), Arrays.copyOf(whole, 2_000));
        Path noise = Files.write(
                temporary.resolve("noise.tar"), "no tar at all ".repeat(100).getBytes(StandardCharsets.UTF_8));

        assertThat(unpack(cut, 10, 10_000)).isInstanceOf(Fetched.Damaged.class);
        assertThat(unpack(noise, 10, 10_000)).isInstanceOf(Fetched.Damaged.class);
    }

    private Path folder() {
        return temporary.resolve("model");
    }

    private Fetched<Path> unpack(Path tar, int files, long bytes) throws IOException {
        Files.createDirectories(folder());
        return new CheckpointArchive(files, bytes).unpackModel(tar, folder());
    }

    private Path tar(String... namesAndContents) throws IOException {
        Path tar = temporary.resolve("checkpoint.tar");
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                byte[] content = namesAndContents[i + 1].getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(namesAndContents[i], true);
                entry.setSize(content.length);
                out.putArchiveEntry(entry);
                out.write(content);
                out.closeArchiveEntry();
            }
        }
        return tar;
    }
}
