package dev.murmuration.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.murmuration.stage.SettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckedSettingsTest {

    private record Given(String model, int maxTextChars, int maxEventBytes, int threads, int batchRecords)
            implements TeacherSettings {}

    @ParameterizedTest
    @CsvSource({"1,1024,1,1", "1048576,16777216,256,65536"})
    void acceptTheirLimits(int chars, int bytes, int threads, int records) {
        assertThat(CheckedSettings.of(new Given("bundled", chars, bytes, threads, records))
                        .threads())
                .isEqualTo(threads);
    }

    @ParameterizedTest
    @CsvSource({
        "0,1024,1,1,teacher.max-text-chars = 0: must be 1 to 1048576",
        "1048577,1024,1,1,teacher.max-text-chars = 1048577: must be 1 to 1048576",
        "1,1023,1,1,teacher.max-event-bytes = 1023: must be 1024 to 16777216",
        "1,16777217,1,1,teacher.max-event-bytes = 16777217: must be 1024 to 16777216",
        "1,1024,0,1,teacher.threads = 0: must be 1 to 256",
        "1,1024,257,1,teacher.threads = 257: must be 1 to 256",
        "1,1024,1,0,teacher.batch-records = 0: must be 1 to 65536",
        "1,1024,1,65537,teacher.batch-records = 65537: must be 1 to 65536",
    })
    void nameWhatIsBeyondThem(int chars, int bytes, int threads, int records, String problem) {
        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> CheckedSettings.of(new Given("bundled", chars, bytes, threads, records)))
                .withMessage(problem);
    }

    @Test
    void nameAModelThatCannotBeUsed() {
        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> CheckedSettings.of(new Given("/no/such/model", 1, 1024, 1, 1))
                        .load())
                .withMessage("teacher.model = /no/such/model: no such folder");
    }
}
