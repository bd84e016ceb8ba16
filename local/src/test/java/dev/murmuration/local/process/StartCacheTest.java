package dev.murmuration.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.local.process.StartCache.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartCacheTest {

    @TempDir
    private Path folder;

    @Test
    void usesACacheThatIsThere() throws IOException {
        Path cache = Files.createFile(folder.resolve("filter-25.0.3+9-LTS.aot"));

        assertThat(cache(25, Mode.USE).options("filter")).containsExactly("-XX:AOTCache=" + cache);
        assertThat(cache(25, Mode.OFF).options("filter")).isEmpty();
    }

    @Test
    void recordsOneFileForEachProgramAndJvm() {
        assertThat(cache(25, Mode.RECORD).options("filter"))
                .containsExactly("-XX:AOTCacheOutput=" + folder.resolve("filter-25.0.3+9-LTS.aot"));
    }

    @Test
    void leavesTheArchiveToAJvmThatHasNoCache() {
        assertThat(cache(25, Mode.USE).options("filter"))
                .isEqualTo(cache(24, Mode.RECORD).options("filter"))
                .containsExactly(
                        "-XX:+AutoCreateSharedArchive",
                        "-XX:SharedArchiveFile=" + folder.resolve("filter-25.0.3+9-LTS.jsa"),
                        "-Xlog:cds*=off");
        assertThat(new StartCache(folder.resolve("none"), "21.0.1", 21, Mode.USE).options("filter"))
                .isEmpty();
    }

    @Test
    void isInUseUnlessTheEnvironmentSaysOtherwise() {
        assertThat(StartCache.mode(Optional.empty())).isEqualTo(Mode.USE);
        assertThat(StartCache.mode(Optional.of(" "))).isEqualTo(Mode.USE);
        assertThat(StartCache.mode(Optional.of("off"))).isEqualTo(Mode.OFF);
        assertThat(StartCache.mode(Optional.of("record"))).isEqualTo(Mode.RECORD);
    }

    @Test
    void aProgramStartsWithoutItsCacheToo() {
        List<String> options = List.of(
                "-Xmx1g",
                "-XX:AOTCache=a.aot",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=a.jsa",
                "-Xlog:cds*=off");
        Program program = new Program("a", options, List.of("a.jar"), "A", List.of(), Map.of(), folder);

        assertThat(program.withoutStartCache().jvmOptions()).containsExactly("-Xmx1g");
    }

    private StartCache cache(int feature, Mode mode) {
        return new StartCache(folder, "25.0.3+9-LTS", feature, mode);
    }
}
