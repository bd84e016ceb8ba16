package dev.murmuration.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServiceMetricsTest {

    @Test
    void addsUpWhatDiffersOnlyInLabels() {
        String exposition = """
                # HELP murmuration_crawler_records_total records
                # TYPE murmuration_crawler_records_total counter
                murmuration_crawler_records_total{outcome="admitted",x="a } b"} 1194.0
                murmuration_crawler_records_total{outcome="rejected"} 206.0
                murmuration_trainer_loss 0.875 1700000000000
                """;

        assertThat(ServiceMetrics.parse(exposition))
                .containsEntry("murmuration_crawler_records_total", 1400.0)
                .containsEntry("murmuration_trainer_loss", 0.875);
    }

    @Test
    void hasNothingFromAServiceThatIsNotThere() {
        assertThat(new ServiceMetrics().of(1)).isEmpty();
    }
}
