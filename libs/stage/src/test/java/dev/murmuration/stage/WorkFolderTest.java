package dev.murmuration.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {

    @TempDir
    private Path temporary;

    @Test
    void removesWhatAKilledPredecessorLeftAndFollowsNoLink() throws IOException {
        Path folder = Files.createDirectories(temporary.resolve("work"));
        Path kept = Files.writeString(temporary.resolve("kept"), "of another");
        Files.createDirectories(folder.resolve("murmuration-teacher-1/model"));
        Files.writeString(folder.resolve("murmuration-teacher-1/model/config.json"), "{}");
        Files.writeString(folder.resolve("librocksdbjni1.so"), "native");
        Files.createSymbolicLink(folder.resolve("link"), temporary);

        new WorkFolder(folder);

        assertThat(names(folder)).containsExactly(".lock");
        assertThat(kept).exists();
    }

    @Test
    void leavesWhatThisProcessMadeItself() throws IOException {
        Path folder = temporary.resolve("work");
        Path made = new WorkFolder(folder).make("shard");

        new WorkFolder(folder);

        assertThat(made).isDirectory();
    }

    @Test
    void leavesWhatAProcessThatIsAliveHolds() throws Exception {
        Path folder = temporary.resolve("work");
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("held");
            new WorkFolder(folder);
            assertThat(names(folder)).containsExactly(".lock", "of-the-other");
        } finally {
            other.destroyForcibly().waitFor();
        }

        new WorkFolder(folder);

        assertThat(names(folder)).containsExactly(".lock");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** A process that holds a folder until it is killed. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] folder) throws Exception {
            Path path = Path.of(folder[0]);
            new WorkFolder(path);
            Files.writeString(path.resolve("of-the-other"), "in use");
            System.out.println("held");
            System.in.read();
        }
    }
}
