package dev.murmuration.local.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.local.process.State;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusTest {

    private static final State CRAWLER = new State("crawler", State.Phase.READY, 4711, 2, "");

    @TempDir
    private Path folder;

    @Test
    void isReadBackAsItWasWritten() {
        Status status = new Status(Status.Phase.SERVICES, "", List.of(CRAWLER));

        status.write(folder.resolve("status"));

        assertThat(Status.read(folder.resolve("status"))).contains(status);
    }

    @Test
    void keepsAMessageOfSeveralLinesOnOne() {
        Status status = new Status(Status.Phase.FAILED, "first\n\tsecond", List.of());

        status.write(folder.resolve("status"));

        assertThat(Status.read(folder.resolve("status")).orElseThrow().detail()).isEqualTo("first second");
    }

    @Test
    void isReadyOnlyWhenEveryProgramIs() {
        State starting = new State("teacher", State.Phase.STARTING, 4712, 0, "");

        assertThat(new Status(Status.Phase.SERVICES, "", List.of(CRAWLER, CRAWLER)).ready(2))
                .isTrue();
        assertThat(new Status(Status.Phase.SERVICES, "", List.of(CRAWLER)).ready(2))
                .isFalse();
        assertThat(new Status(Status.Phase.SERVICES, "", List.of(CRAWLER, starting)).ready(2))
                .isFalse();
    }
}
