package dev.murmuration.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DescribedMetricsTest {

    private final MeterFilter filter = new DescribedMetrics().descriptions();

    @Test
    void saysOfAMetricWhatTheTableSays() {
        assertThat(described("murmuration.crawler.records", Meter.Type.COUNTER))
                .isEqualTo("deliveries of the feed: admitted, rejected, deletions, duplicates, malformed");
        assertThat(described("murmuration.teacher.batch", Meter.Type.TIMER)).startsWith("one batch,");
        assertThat(described("murmuration.shards.open.samples", Meter.Type.GAUGE))
                .isEqualTo("samples of shards that are not cut yet");
    }

    @Test
    void leavesOthersAsTheyAre() {
        assertThat(filter.map(id("jvm.memory.used", "has one", Meter.Type.GAUGE))
                        .getDescription())
                .isEqualTo("has one");
    }

    private String described(String name, Meter.Type type) {
        return String.valueOf(filter.map(id(name, null, type)).getDescription());
    }

    private static Meter.Id id(String name, @Nullable String description, Meter.Type type) {
        return new Meter.Id(name, Tags.empty(), null, description, type);
    }
}
