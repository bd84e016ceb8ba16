package dev.murmuration.local.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptStudentsTest {

    @TempDir
    private Path run;

    @Test
    void keepsTheNewestCheckpointUnderItsRunStepAndContent() throws IOException {
        checkpoint("000000077-aa.tar", 1);
        checkpoint("000000344-bb.tar", 2);

        KeptStudents kept = new KeptStudents(run.resolve("students"));

        assertThat(kept.keep(run.resolve("checkpoints"))).hasValue(run.resolve("students/student-000000344-bb.tar"));
        assertThat(run.resolve("students/student-000000344-bb.tar")).hasContent("000000344-bb.tar");
    }

    @Test
    void keepsTheLastFive() throws IOException {
        KeptStudents kept = new KeptStudents(run.resolve("students"));
        for (int demo = 1; demo <= 7; demo++) {
            checkpoint("00000000%d-aa.tar".formatted(demo), demo);

            kept.keep(run.resolve("checkpoints"));
        }

        assertThat(run.resolve("students")).isDirectoryNotContaining("glob:**-00000000[12]-aa.tar");
        assertThat(run.resolve("students").toFile().list()).hasSize(5);
    }

    @Test
    void keepsNothingOfADemoThatLearnedNothing() {
        assertThat(new KeptStudents(run.resolve("students")).keep(run.resolve("checkpoints")))
                .isEmpty();
        assertThat(run.resolve("students")).doesNotExist();
    }

    private void checkpoint(String name, int minute) throws IOException {
        Path file = Files.createDirectories(run.resolve("checkpoints/student")).resolve(name);
        Files.writeString(file, name);
        Files.setLastModifiedTime(file, FileTime.fromMillis(60_000L * minute));
    }
}
