package dev.murmuration.filter.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.murmuration.filter.dataset.Balance;
import dev.murmuration.filter.dataset.DataSet;
import dev.murmuration.filter.dataset.DecisionRules;
import dev.murmuration.filter.dataset.Origin;
import dev.murmuration.filter.topology.Tweets;
import dev.murmuration.schemas.Thresholds;
import dev.murmuration.stage.settings.WrongSettings;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterFactoryTest {

    @Test
    void cutsFlatAndBalUnlessToldOtherwise() {
        assertThat(rules().dataSets().all()).containsExactly(Tweets.preset("flat"), Tweets.preset("bal"));
    }

    @Test
    void fillsWhatADataSetLeavesOutFromItsPreset() {
        DecisionRules rules = rules(
                "filter.active", "mine",
                "filter.datasets.mine.preset", "bal",
                "filter.datasets.mine.threshold.neutral", "0.5",
                "filter.datasets.mine.slack", "7",
                "filter.datasets.mine.near-duplicates", "keep",
                "filter.datasets.mine.sources", "x,bluesky");

        assertThat(rules.dataSets().all())
                .containsExactly(new DataSet(
                        "mine",
                        new Thresholds(0.7, 0.5, 0.9),
                        new Balance.Undersample(7),
                        Origin.of(Set.of("x", "bluesky")),
                        true));
    }

    @Test
    void cutsTwoCrawlsAndTheirUnionFromOneStream() {
        DecisionRules rules = rules(
                "filter.active", "a,b,a-and-b",
                "filter.datasets.a.preset", "flat",
                "filter.datasets.a.until", "2022-01-01T00:00:00Z",
                "filter.datasets.b.preset", "flat",
                "filter.datasets.b.since", "2022-01-01T00:00:00Z",
                "filter.datasets.a-and-b.preset", "flat");

        Instant newYear = Instant.parse("2022-01-01T00:00:00Z");
        assertThat(rules.dataSets().all())
                .extracting(DataSet::origin)
                .containsExactly(
                        new Origin(Set.of(), Instant.MIN, newYear),
                        new Origin(Set.of(), newYear, Instant.MAX),
                        Origin.EVERYWHERE);
        assertThatThrownBy(() -> rules(
                        "filter.datasets.flat.since", "2022-01-01T00:00:00Z",
                        "filter.datasets.flat.until", "2022-01-01T00:00:00Z"))
                .hasMessageContaining("filter.datasets.flat.until = 2022-01-01T00:00:00Z");
    }

    @Test
    void takesTheLicensesAndTheAgeThatAreSet() {
        assertThat(settings("filter.licenses.archive", "CC-BY-4.0").licenses())
                .containsExactly(Map.entry("archive", "CC-BY-4.0"));
        assertThat(rules("filter.near-duplicate-age", "30d").age()).contains(Duration.ofDays(30));
        assertThat(rules().age()).isEmpty();
    }

    @Test
    void refinesAPresetUnderItsOwnName() {
        DecisionRules rules = rules("filter.active", "flat", "filter.datasets.flat.balance", "undersample");

        assertThat(rules.dataSets().all())
                .containsExactly(
                        new DataSet("flat", new Thresholds(0.7, 0.7, 0.7), new Balance.Undersample(1), Set.of()));
    }

    @Test
    void packsADataSetByItsOwnLimits() {
        PackingRules rules =
                PackingRules.of(settings("filter.datasets.flat.max-samples", "10", "filter.shards.max-bytes", "5000"));

        assertThat(rules.maxSamples("flat")).isEqualTo(10);
        assertThat(rules.maxSamples("bal")).isEqualTo(1000);
        assertThat(rules.maxBytes("flat")).isEqualTo(5000);
    }

    @ParameterizedTest
    @CsvSource({
        "filter.datasets.flat.threshold.positive, 1.5",
        "filter.datasets.flat.threshold.positive, 1.0",
        "filter.datasets.flat.threshold.negative, -0.1",
        "filter.datasets.flat.threshold.neutral, NaN",
        "filter.datasets.flat.preset, nothing",
        "filter.datasets.flat.balance, sometimes",
        "filter.datasets.flat.slack, 0",
        "filter.datasets.flat.near-duplicates, sometimes",
        "filter.datasets.other.threshold.negative, 1.5",
        "filter.near-duplicate-distance, 32",
        "filter.near-duplicate-distance, -1",
        "filter.near-duplicate-quality, 101",
        "filter.near-duplicate-age, PT0S",
        "filter.split.val, -1",
        "filter.active, nothing",
        "filter.shards.max-samples, 0",
        "filter.shards.max-bytes, 0",
        "filter.shards.side, 8",
        "filter.shards.jpeg-quality, 1.5",
        "filter.datasets.flat.max-samples, 0"
    })
    void namesTheSettingAndTheValueThatAreWrong(String setting, String value) {
        assertThat(wrong(setting, value)).anyMatch(problem -> problem.startsWith(setting + " = " + value + ": "));
    }

    @Test
    void reportsAllWrongSettingsTogether() {
        assertThat(wrong(
                        "filter.active", "flat,flat,none",
                        "filter.split.val", "-1",
                        "filter.datasets.mine.slack", "0",
                        "filter.shards.min-side", "513"))
                .containsExactlyInAnyOrder(
                        "filter.active = flat: is listed twice",
                        "filter.active = none: is neither a preset (bal, bal-flat, flat, unb) nor described under"
                                + " filter.datasets.none",
                        "filter.split.val = -1: must be from 0 to 1000000",
                        "filter.datasets.mine.slack = 0: must be at least 1",
                        "filter.datasets.mine.threshold.negative = : must be set, since the data set has no preset",
                        "filter.datasets.mine.threshold.neutral = : must be set, since the data set has no preset",
                        "filter.datasets.mine.threshold.positive = : must be set, since the data set has no preset",
                        "filter.shards.min-side = 513: must be at most filter.shards.side, 512");
    }

    @Test
    void asksForTheThresholdsOfADataSetWithoutPreset() {
        assertThatThrownBy(() -> rules("filter.datasets.mine.threshold.positive", "0.5"))
                .hasMessageContaining("filter.datasets.mine.threshold.negative");
    }

    private static List<String> wrong(String... settings) {
        return WrongSettings.in(catchThrowableOfType(ConfigValidationException.class, () -> settings(settings)));
    }

    private static DecisionRules rules(String... settings) {
        return FilterFactory.rules(settings(settings));
    }

    private static FilterSettings settings(String... pairs) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .addDiscoveredCustomizers()
                .withMapping(FilterSettings.class)
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build()
                .getConfigMapping(FilterSettings.class);
    }
}
