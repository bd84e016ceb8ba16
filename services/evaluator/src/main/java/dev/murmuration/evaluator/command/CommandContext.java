package dev.murmuration.evaluator.command;

import dev.murmuration.evaluator.model.TopicAnnouncements;
import dev.murmuration.stage.ObjectStore;
import dev.murmuration.stage.StoreSettings;
import dev.murmuration.stage.StoreUnavailableException;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;

/** The object store and the topics as a command sees them: settings of the process, connections when needed, and little waiting. */
final class CommandContext {

    // A service waits for a store that restarts; a person at a terminal wants to know that there is none.
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(5);

    private CommandContext() {}

    /** What was announced on the topics of the cluster that the settings of this process name. */
    static TopicAnnouncements announcements() {
        return new TopicAnnouncements(settings().build());
    }

    /**
     * The store of the settings of this process, with a timeout for commands unless {@code s3.patience} is set.
     *
     * @throws StoreUnavailableException at once, if nothing answers there and no longer timeout is set
     */
    static ObjectStore store() {
        StoreSettings settings = storeSettings(settings());
        ObjectStore store = new ObjectStore(settings);
        if (settings.patience().compareTo(STORE_TIMEOUT) <= 0) {
            store.reach();
        }
        return store;
    }

    /** Settings of the store from these sources, with the defaults of a command. */
    static StoreSettings storeSettings(SmallRyeConfigBuilder sources) {
        return sources.withMapping(StoreSettings.class)
                .withDefaultValue("s3.patience", STORE_TIMEOUT.toString())
                .build()
                .getConfigMapping(StoreSettings.class);
    }

    private static SmallRyeConfigBuilder settings() {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDefaultSources()
                .addDiscoveredConverters(); // durations as Quarkus writes them
    }
}
