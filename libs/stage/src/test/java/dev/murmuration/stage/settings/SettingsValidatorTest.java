package dev.murmuration.stage.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Past;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsValidatorTest {

    @ConfigMapping(prefix = "bird")
    @CheckedBy(BirdRules.class)
    interface Bird {

        @WithDefault("2")
        @Min(1)
        @Max(9)
        int wings();

        @WithDefault("5")
        @Min(2)
        long eggs();

        @WithDefault("0.5")
        @DecimalMin("0")
        @DecimalMax(value = "1", inclusive = false)
        double share();

        @WithDefault("1s")
        @DurationRange(min = 1, max = 2_000)
        Duration flight();

        @WithDefault("robin")
        @NotBlank
        String name();

        @WithDefault("red,brown")
        @Size(min = 1, max = 2, message = "must be one or two colours")
        List<@Pattern(regexp = "[a-z]+", message = "must be lower-case letters") String> colours();

        @Min(1)
        OptionalInt age();

        Optional<@DecimalMin(value = "0", inclusive = false) Double> weight();

        @WithDefault("seed")
        Food food();

        Map<String, Nest> nests();
    }

    enum Food {
        SEED,
        SMALL_FISH
    }

    interface Nest {

        @WithDefault("1")
        @Min(1)
        int eggs();
    }

    static final class BirdRules implements SettingsRules<Bird> {
        @Override
        public void check(Bird bird, SettingProblems problems) {
            if (bird.eggs() == 1 && bird.wings() == 0) {
                problems.add("bird.eggs", bird.eggs(), "must be more without wings");
            }
        }
    }

    @ConfigMapping(prefix = "egg")
    interface Egg {

        @WithDefault("2020-01-01T00:00:00Z")
        @Past
        Instant laid();
    }

    @ConfigMapping(prefix = "tree")
    interface Tree {

        @WithDefault("3")
        @Min(1)
        int height();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wings | 3 ",
                "wings | 9",
                "share | 0",
                "share | 0.999",
                "flight | 1ms",
                "flight | 2s",
                "colours | red",
                "age | 1",
                "weight | 0.001",
                "weight | Infinity",
                "food | small-fish",
                "nests.low.eggs | 1"
            })
    void acceptsWhatIsWithinTheLimits(String setting, String value) {
        assertThatCode(() -> read(Map.of("bird." + setting, value))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wings | 0 | bird.wings = 0: must be from 1 to 9",
                "wings | 10 | bird.wings = 10: must be from 1 to 9",
                "eggs | 1 | bird.eggs = 1: must be at least 2",
                "share | -0.1 | bird.share = -0.1: must be at least 0 and less than 1",
                "share | 1 | bird.share = 1.0: must be at least 0 and less than 1",
                "share | NaN | bird.share = NaN: must be at least 0 and less than 1",
                "flight | 0s | bird.flight = PT0S: must be from 1 to 2000 ms",
                "flight | 2001ms | bird.flight = PT2.001S: must be from 1 to 2000 ms",
                "name | ' ' | bird.name = : must not be empty",
                "colours | a,b,c | bird.colours = [a, b, c]: must be one or two colours",
                "colours | red,Blue | bird.colours = Blue: must be lower-case letters",
                "age | 0 | bird.age = 0: must be at least 1",
                "weight | 0 | bird.weight = 0.0: must be more than 0",
                "food | bread | bird.food = bread: must be one of seed, small-fish",
                "wings | two | bird.wings = two: Expected an integer value, got \"two\"",
                "nests.low.eggs | 0 | bird.nests.low.eggs = 0: must be at least 1"
            })
    void namesTheSettingItsValueAndWhatIsAllowed(String setting, String value, String message) {
        assertThat(wrong(Map.of("bird." + setting, value))).containsExactly(message);
    }

    @Test
    void reportsAllWrongSettingsOfAllPrefixesTogether() {
        assertThat(wrong(Map.of("bird.wings", "0", "bird.eggs", "1", "tree.height", "0")))
                .containsExactlyInAnyOrder(
                        "bird.wings = 0: must be from 1 to 9",
                        "bird.eggs = 1: must be at least 2",
                        "bird.eggs = 1: must be more without wings",
                        "tree.height = 0: must be at least 1");
        assertThat(wrong(Map.of("bird.food", "bread", "tree.height", "0"))).hasSize(2);
    }

    @Test
    void refusesAConstraintThatItWouldIgnore() {
        assertThatIllegalStateException()
                .isThrownBy(() -> builder(Map.of()).withMapping(Egg.class).build())
                .withMessageContaining("Past");
    }

    private static List<String> wrong(Map<String, String> settings) {
        return WrongSettings.in(catchThrowableOfType(ConfigValidationException.class, () -> read(settings)));
    }

    private static void read(Map<String, String> settings) {
        builder(settings).withMapping(Bird.class).withMapping(Tree.class).build();
    }

    private static SmallRyeConfigBuilder builder(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .addDiscoveredCustomizers()
                .withSources(new PropertiesConfigSource(settings, "test", 100));
    }
}
