package dev.murmuration.stage;

import io.smallrye.config.ConfigMapping;
import jakarta.validation.constraints.Pattern;
import java.util.Optional;

/** What topics and groups are called. */
@ConfigMapping(prefix = "topics")
interface TopicSettings {

    /**
     * Of teacher and filter in a relabelling: goes before the names of their groups and of their topics, but for {@code tweets}
     * and {@code shards}. Empty in the pipeline itself.
     */
    Optional<
                    @Pattern(
                            regexp = "[a-z0-9-]{0,60}",
                            message = "must be at most 60 lower-case letters, digits and hyphens")
                    String>
            prefix();
}
