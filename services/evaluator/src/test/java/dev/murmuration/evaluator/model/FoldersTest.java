package dev.murmuration.evaluator.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {

    @TempDir
    Path temporary;

    @Test
    void deletesAFolderWithEverythingInIt() throws IOException {
        Path folder = temporary.resolve("a");
        Files.createDirectories(folder.resolve("b"));
        Files.writeString(folder.resolve("b/c"), "c");

        Folders.delete(folder);

        assertThat(folder).doesNotExist();
        assertThat(temporary).exists();
    }

    @Test
    void knowsWhereThisProcessWorks() {
        assertThat(Folders.holdsThisProcess(Path.of(""))).isTrue();
        assertThat(Folders.holdsThisProcess(Path.of("").toAbsolutePath().resolve("none/..")))
                .isTrue();
        assertThat(Folders.holdsThisProcess(Path.of("/"))).isTrue();
        assertThat(Folders.holdsThisProcess(Path.of("src"))).isFalse();
        assertThat(Folders.holdsThisProcess(temporary)).isFalse();
    }
}
