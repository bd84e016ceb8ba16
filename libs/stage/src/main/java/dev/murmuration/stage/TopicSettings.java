package dev.murmuration.stage;

import dev.murmuration.schemas.TopicNames;
import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** What topics and groups are called. */
@ConfigMapping(prefix = "topics")
interface TopicSettings {

    /**
     * Of teacher and filter in a relabelling: goes before the names of their groups and of their topics, but for {@code tweets} and {@code shards}. Empty in the
     * pipeline itself.
     */
    Optional<String> prefix();

    /**
     * The names under the prefix that is set.
     *
     * @throws SettingException if the prefix cannot be part of a topic's name
     */
    static TopicNames names(TopicSettings settings) {
        String prefix = settings.prefix().orElse("");
        try {
            return new TopicNames(prefix);
        } catch (IllegalArgumentException e) {
            throw new SettingException(
                    "topics.prefix", prefix, "must be at most 60 lower-case letters, digits and hyphens");
        }
    }
}
