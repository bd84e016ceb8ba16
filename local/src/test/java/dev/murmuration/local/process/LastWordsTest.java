package dev.murmuration.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LastWordsTest {

    @Test
    void areTheLastLineWithTheNameOfTheProgram() {
        assertThat(LastWords.of("teacher", List.of("teacher: one", "INFO something", "teacher: two ", "bye")))
                .contains("two");
    }

    @Test
    void areAllWrongSettingsOfTheLastStart() {
        assertThat(LastWords.of(
                        "teacher",
                        List.of(
                                "teacher: wrong setting: old = 1: must be 2",
                                "INFO a later start",
                                "teacher: no broker",
                                "teacher: wrong setting: a = 1: must be 2",
                                "teacher: wrong setting: b = 3: must be 4")))
                .contains("wrong setting: a = 1: must be 2; wrong setting: b = 3: must be 4");
    }

    @Test
    void areTheInnermostExceptionWhereTheProgramSaidNothing() {
        assertThat(LastWords.of("teacher", List.of("x.AException: a", "Caused by: x.BException: b", "\tat x.Y")))
                .contains("Caused by: x.BException: b");
        assertThat(LastWords.of("teacher", List.of("teaching"))).isEmpty();
    }
}
