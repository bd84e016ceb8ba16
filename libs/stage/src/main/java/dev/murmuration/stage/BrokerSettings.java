package dev.murmuration.stage;

import dev.murmuration.stage.settings.DurationRange;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a stage expects of the cluster, and when it counts as stuck. How to reach the cluster are Quarkus's own {@code kafka.*} settings.
 */
@ConfigMapping(prefix = "progress")
public interface BrokerSettings {

    /** Neither is blank. */
    String GROUP_AND_TOPIC = "[^:]*[^:\\s][^:]*:[^:]*[^:\\s][^:]*";

    /** How long a cluster that does not answer, or has not all topics yet, is waited for at the start before the service stops. */
    @WithDefault("60s")
    Duration startTimeout();

    /** Consumer groups of this service, each with the topics it reads: {@code teacher:tweets}. None: nothing to watch. */
    Optional<List<@Pattern(regexp = GROUP_AND_TOPIC, message = "must be group:topic") String>> groups();

    /** Further groups, written alike, whose lag is shown and who may stand still: their own check knows when that is well. */
    Optional<List<@Pattern(regexp = GROUP_AND_TOPIC, message = "must be group:topic") String>> shownGroups();

    /** Not alive when a group has lag and its committed position has not moved for this long. */
    @WithDefault("3m")
    Duration stuckAfter();

    /** How often positions and lag are looked up. */
    @WithDefault("5s")
    @DurationRange(min = 1, max = 86_400_000)
    Duration interval();
}
