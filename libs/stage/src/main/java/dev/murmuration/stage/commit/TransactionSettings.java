package dev.murmuration.stage.commit;

import dev.murmuration.stage.settings.DurationRange;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;

/** The stage's transactional producer. How to reach the cluster are the {@code kafka.*} settings. */
@ConfigMapping(prefix = "transaction")
public interface TransactionSettings {

    /** The producer's {@code transactional.id}: a later process with the same one fences off the earlier one. */
    @WithDefault("${instance.name}")
    @NotBlank
    String id();

    /** The broker rolls back a transaction that is open for longer, if no successor with the same {@code transaction.id} did before. */
    @WithDefault("20s")
    @DurationRange(min = 1_000, max = 900_000)
    Duration timeout();
}
