package dev.murmuration.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.local.settings.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class DemoFeedTest {

    private static final Path FOLDER = Path.of("stream");

    @Test
    void aStudentOfRealPhotosLearnsFromUnsureTextsToo() {
        DemoFeed feed = DemoFeed.recorded(FOLDER, true, 7, settings(Map.of()));

        assertThat(feed.filter())
                .containsEntry("filter.active", "flat,bal,soft")
                .containsEntry("filter.datasets.soft.threshold.negative", "0.5")
                .containsEntry("filter.split.test", "0");
        assertThat(feed.trainer()).containsEntry("trainer.dataset", "soft").containsEntry("trainer.seed", "7");
    }

    @Test
    void withoutLabelsNothingIsHeldBackAndATestSplitIsCut() {
        DemoFeed feed = DemoFeed.recorded(FOLDER, false, 7, settings(Map.of()));

        assertThat(feed.filter()).doesNotContainKey("filter.split.test").containsEntry("filter.benchmarks", "");
    }

    @Test
    void theUsersDataSetsAreTheOnesThatAreCutAndLearned() {
        DemoFeed feed = DemoFeed.recorded(FOLDER, true, 7, settings(Map.of("FILTER_ACTIVE", "flat")));

        assertThat(feed.filter()).doesNotContainKey("filter.active").doesNotContainKey("filter.datasets.soft.preset");
        assertThat(feed.trainer()).doesNotContainKey("trainer.dataset");
    }

    private static Settings settings(Map<String, String> environment) {
        return new Settings(environment, new Properties());
    }
}
