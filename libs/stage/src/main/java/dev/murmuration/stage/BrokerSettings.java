package dev.murmuration.stage;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a stage expects of the cluster, and when it counts as stuck. How to reach the cluster are Quarkus's own {@code kafka.*} settings. */
@ConfigMapping(prefix = "progress")
interface BrokerSettings {

    /** How long a cluster that does not answer, or has not all topics yet, is waited for at the start before the service stops. */
    @WithDefault("60s")
    Duration startTimeout();

    /** Consumer groups of this service, each with the topics it reads: {@code teacher:tweets}. None: nothing to watch. */
    Optional<List<String>> groups();

    /** Further groups, written alike, whose lag is shown and who may stand still: their own check knows when that is well. */
    Optional<List<String>> shownGroups();

    /** Not alive when a group has lag and its committed position has not moved for this long. */
    @WithDefault("3m")
    Duration stuckAfter();

    /** How often positions and lag are looked up. */
    @WithDefault("5s")
    Duration interval();
}
