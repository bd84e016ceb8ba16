package dev.murmuration.local.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.local.process.ProgramState;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherStatusTest {

    private static final ProgramState CRAWLER = new ProgramState("crawler", ProgramState.Phase.READY, 4711, 2, "");

    @TempDir
    private Path folder;

    @Test
    void isReadBackAsItWasWritten() {
        LauncherStatus status = new LauncherStatus(LauncherStatus.Phase.SERVICES, "", List.of(CRAWLER));

        status.write(folder.resolve("status"));

        assertThat(LauncherStatus.read(folder.resolve("status"))).contains(status);
    }

    @Test
    void keepsAMessageOfSeveralLinesOnOne() {
        LauncherStatus status = new LauncherStatus(LauncherStatus.Phase.FAILED, "first\n\tsecond", List.of());

        status.write(folder.resolve("status"));

        assertThat(LauncherStatus.read(folder.resolve("status")).orElseThrow().detail())
                .isEqualTo("first second");
    }

    @Test
    void isReadyOnlyWhenEveryProgramIs() {
        ProgramState starting = new ProgramState("teacher", ProgramState.Phase.STARTING, 4712, 0, "");

        assertThat(new LauncherStatus(LauncherStatus.Phase.SERVICES, "", List.of(CRAWLER, CRAWLER)).ready(2))
                .isTrue();
        assertThat(new LauncherStatus(LauncherStatus.Phase.SERVICES, "", List.of(CRAWLER)).ready(2))
                .isFalse();
        assertThat(new LauncherStatus(LauncherStatus.Phase.SERVICES, "", List.of(CRAWLER, starting)).ready(2))
                .isFalse();
    }
}
