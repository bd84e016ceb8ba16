package dev.murmuration.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.settings.WrongSettings;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.teacher.score.LoadedModel;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TeacherFactoryTest {

    @ParameterizedTest
    @CsvSource({
        "max-text-chars,1",
        "max-text-chars,1048576",
        "max-event-bytes,1024",
        "max-event-bytes,16777216",
        "threads,1",
        "threads,256",
        "batch-records,1",
        "batch-records,65536",
        "batch-tokens,1",
        "batch-tokens,1048576",
        "window-texts,1",
        "window-texts,65536",
        "hub-max-bytes,1",
        "hub-url,http://localhost:1/mirror",
        "precision,bf16",
    })
    void acceptTheirLimits(String setting, String value) {
        assertThatCode(() -> settings(setting, value)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-text-chars | 0 | teacher.max-text-chars = 0: must be from 1 to 1048576",
                "max-text-chars | 1048577 | teacher.max-text-chars = 1048577: must be from 1 to 1048576",
                "max-event-bytes | 1023 | teacher.max-event-bytes = 1023: must be from 1024 to 16777216",
                "max-event-bytes | 16777217 | teacher.max-event-bytes = 16777217: must be from 1024 to 16777216",
                "threads | 0 | teacher.threads = 0: must be from 1 to 256",
                "threads | 257 | teacher.threads = 257: must be from 1 to 256",
                "batch-records | 0 | teacher.batch-records = 0: must be from 1 to 65536",
                "batch-records | 65537 | teacher.batch-records = 65537: must be from 1 to 65536",
                "batch-tokens | 0 | teacher.batch-tokens = 0: must be from 1 to 1048576",
                "batch-tokens | 1048577 | teacher.batch-tokens = 1048577: must be from 1 to 1048576",
                "window-texts | 0 | teacher.window-texts = 0: must be from 1 to 65536",
                "window-texts | 65537 | teacher.window-texts = 65537: must be from 1 to 65536",
                "hub-max-bytes | 0 | teacher.hub-max-bytes = 0: must be at least 1",
                "hub-timeout | 0s | teacher.hub-timeout = PT0S: must be from 1 to 2147483647 ms",
                "hub-url | ftp://hub | teacher.hub-url = ftp://hub: must start with https:// or http://",
            })
    void nameWhatIsBeyondThem(String setting, String value, String problem) {
        assertThat(wrong(Map.of("teacher." + setting, value))).containsExactly(problem);
    }

    @Test
    void nameAllThatAreBeyondThemTogether() {
        assertThat(wrong(Map.of("teacher.threads", "0", "teacher.batch-tokens", "0")))
                .containsExactlyInAnyOrder(
                        "teacher.threads = 0: must be from 1 to 256",
                        "teacher.batch-tokens = 0: must be from 1 to 1048576");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/no/such/model | teacher.model = /no/such/model: no such folder",
                "hf://name | teacher.model = hf://name: not an id of the form hf://owner/name or hf://owner/name@revision",
                "s3://elsewhere/name | teacher.model = s3://elsewhere/name: not of the form s3://models/name",
            })
    void nameAModelThatCannotBeUsed(String model, String problem) {
        TeacherFactory checked = new TeacherFactory(settings("model", model));

        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> checked.load(TeacherFactoryTest::noStore, line -> {}))
                .withMessage(problem);
    }

    @Test
    void askNeitherStoreNorHubForTheBundledTeacher() {
        try (LoadedModel loaded = new TeacherFactory(settings("hub-url", "http://localhost:1"))
                .load(TeacherFactoryTest::noStore, line -> {
                    throw new AssertionError(line);
                })) {
            assertThat(loaded.model().name()).isEqualTo("murmuration-minilm-l6");
        }
    }

    private static ObjectStore noStore() {
        throw new AssertionError("nobody asked for the store");
    }

    private static List<String> wrong(Map<String, String> settings) {
        return WrongSettings.in(catchThrowableOfType(ConfigValidationException.class, () -> read(settings)));
    }

    private static TeacherSettings settings(String name, String value) {
        return read(Map.of("teacher." + name, value));
    }

    private static TeacherSettings read(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("user.home", System.getProperty("java.io.tmpdir"));
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .addDiscoveredCustomizers()
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .withMapping(TeacherSettings.class)
                .build()
                .getConfigMapping(TeacherSettings.class);
    }
}
