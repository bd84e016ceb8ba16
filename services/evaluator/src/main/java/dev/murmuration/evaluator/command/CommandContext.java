package dev.murmuration.evaluator.command;

import dev.murmuration.evaluator.model.TopicAnnouncements;
import dev.murmuration.stage.CommandSettings;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreSettings;
import dev.murmuration.stage.store.StoreUnavailableException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The object store and the topics as a command sees them: settings of the process, connections when needed, and little waiting. */
final class CommandContext {

    // A service waits for a store that restarts; a person at a terminal wants to know that there is none.
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(5);

    private CommandContext() {}

    /** Ends a command as wrong usage if what an option names cannot be written. */
    static void requireWritable(CommandSpec command, String option, Optional<String> problem) {
        if (problem.isPresent()) {
            throw new ParameterException(command.commandLine(), option + " " + problem.get());
        }
    }

    /** What was announced on the topics of the cluster that the settings of this process name. */
    static TopicAnnouncements announcements() {
        return new TopicAnnouncements(CommandSettings.read(CommandSettings.sources()));
    }

    /**
     * The store of the settings of this process, with a timeout for commands unless {@code s3.timeout} is set.
     *
     * @throws StoreUnavailableException at once, if nothing answers there and no longer timeout is set
     */
    static ObjectStore store() {
        SmallRyeConfig config = config(CommandSettings.sources());
        ObjectStore store = CommandSettings.store(config);
        if (config.getConfigMapping(StoreSettings.class).timeout().compareTo(STORE_TIMEOUT) <= 0) {
            store.reach();
        }
        return store;
    }

    /** Settings from these sources, with the defaults of a command. */
    static SmallRyeConfig config(SmallRyeConfigBuilder sources) {
        return CommandSettings.read(sources.withDefaultValue("s3.timeout", STORE_TIMEOUT.toString()));
    }
}
