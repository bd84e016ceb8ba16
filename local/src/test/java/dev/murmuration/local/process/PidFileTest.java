package dev.murmuration.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {

    @TempDir
    private Path folder;

    @Test
    void findsTheProcessThatWasWrittenDown() {
        PidFile.of(folder, "crawler").write(ProcessHandle.current());

        assertThat(PidFile.in(folder)).singleElement().satisfies(file -> {
            assertThat(file.program()).isEqualTo("crawler");
            assertThat(file.process()).contains(ProcessHandle.current());
        });
    }

    @Test
    void doesNotTakeAnotherProcessForItThatWasGivenTheSameNumber() throws Exception {
        PidFile file = PidFile.of(folder, "crawler");
        file.write(ProcessHandle.current());
        String[] words = Files.readString(file.file()).strip().split(" ", -1);
        Files.writeString(file.file(), words[0] + " " + (Long.parseLong(words[1]) - 1));

        assertThat(file.process()).isEmpty();
    }

    @Test
    void hasNoProcessWhereItsFileIsCutOff() throws Exception {
        PidFile file = PidFile.of(folder, "crawler");
        Files.writeString(file.file(), Long.toString(ProcessHandle.current().pid()));

        assertThat(file.process()).isEmpty();
    }
}
