package dev.murmuration.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.murmuration.stage.settings.WrongSettings;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainerRulesTest {

    @ParameterizedTest
    @CsvSource({
        "batch, 1",
        "mode, epochs",
        "recipe, paper",
        "precision, bf16",
        "resize, tf-bilinear",
        "device, gpu12",
        "learning-rate, 1e-9",
        "learning-rate, 10",
        "max-norm, 1e-30",
        "average-decay, 0.999999",
        "dropout, 0.9",
        "stream.replay, 0",
        "stream.passes, 1",
        "weight-decay, 10",
        "run, a.b_c-d",
        "architecture, vit-b-32-224"
    })
    void acceptsWhatIsWithinTheLimits(String setting, String value) {
        assertThatCode(() -> read(Map.of("trainer." + setting, value))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "batch | 0 | trainer.batch = 0: must be at least 1",
                "mode | Epochs | trainer.mode = Epochs: must be stream or epochs",
                "recipe | soup | trainer.recipe = soup: must be one of distil, paper",
                "precision | fp16 | trainer.precision = fp16: must be one of auto, bf16, fp32",
                "resize | nearest | trainer.resize = nearest: must be one of pillow-bilinear, tf-bilinear",
                "device | tpu | trainer.device = tpu: must be cpu, gpu, gpu<number> or auto",
                "learning-rate | 0 | trainer.learning-rate = 0.0: must be from 1e-9 to 10",
                "max-norm | 0 | trainer.max-norm = 0.0: must be more than 0",
                "average-decay | 1 | trainer.average-decay = 1.0: must be from 0 to .999999",
                "stream.passes | 0.5 | trainer.stream.passes = 0.5: must be at least 1",
                "run | a/b | trainer.run = a/b: must be 1 to 100 letters, digits, dots, dashes or underscores",
                "begin | x | trainer.begin = x: is called trainer.init-from now"
            })
    void namesTheSettingItsValueAndWhatIsAllowed(String setting, String value, String message) {
        assertThat(wrong(Map.of("trainer." + setting, value))).containsExactly(message);
    }

    @Test
    void reportsAllWrongSettingsTogether() {
        assertThat(wrong(Map.of(
                        "trainer.recipe", "paper",
                        "trainer.weight-decay", "0.1",
                        "trainer.architecture", "cathedral",
                        "trainer.parts", "0")))
                .hasSize(3)
                .contains(
                        "trainer.parts = 0: must be at least 1",
                        "trainer.weight-decay = 0.1: must be 0: RAdam of the recipe paper has none")
                .anyMatch(problem -> problem.startsWith("trainer.architecture = cathedral: "));
    }

    private static List<String> wrong(Map<String, String> settings) {
        return WrongSettings.in(catchThrowableOfType(ConfigValidationException.class, () -> read(settings)));
    }

    private static void read(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("instance.name", "trainer-0");
        all.put("java.io.tmpdir", "/tmp");
        new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .addDiscoveredCustomizers()
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .withMapping(TrainerSettings.class)
                .build();
    }
}
