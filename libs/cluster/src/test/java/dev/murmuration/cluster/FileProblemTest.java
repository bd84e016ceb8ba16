package dev.murmuration.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileProblemTest {

    @TempDir
    private Path folder;

    @Test
    void aFileThatCanBeWrittenIsNotLeftBehind() {
        assertThat(FileProblem.ofWriting(folder.resolve("new.json"))).isEmpty();

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anExistingFileStaysAsItIs() throws IOException {
        Path file = Files.writeString(folder.resolve("old.json"), "{}");

        assertThat(FileProblem.ofWriting(file)).isEmpty();

        assertThat(file).hasContent("{}");
    }

    @Test
    void namesTheFolderThatAFileLacks() {
        assertThat(FileProblem.ofWriting(folder.resolve("no/x.json")))
                .hasValue(folder.resolve("no/x.json") + ": there is no folder " + folder.resolve("no"));
        assertThat(FileProblem.ofWriting(folder)).hasValue(folder + ": is a folder");
    }

    @Test
    void aFolderThatCanBeMadeIsNotLeftBehind() {
        assertThat(FileProblem.ofWritingIn(folder.resolve("a/b"))).isEmpty();

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void namesTheFileThatIsInTheWayOfAFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThat(FileProblem.ofWritingIn(file)).hasValue(file + ": is not a folder");
        assertThat(FileProblem.ofWritingIn(file.resolve("below")).orElseThrow()).startsWith(file.toString());
    }

    @Test
    void saysAFailureInOneLine() {
        assertThat(FileProblem.line(new NoSuchFileException("/x"))).isEqualTo("/x: there is no such file or folder");
        assertThat(FileProblem.line(new IOException("cut short"))).isEqualTo("cut short");
        assertThat(FileProblem.line(new IOException())).isEqualTo("IOException");
        assertThat(FileProblem.of(new UncheckedIOException(new NoSuchFileException("/x"))))
                .hasValue("/x: there is no such file or folder");
        assertThat(FileProblem.of(new IllegalStateException("a bug"))).isEmpty();
    }
}
