package dev.murmuration.console.web;

import dev.murmuration.console.Console;
import dev.murmuration.console.operation.StoreUse;
import dev.murmuration.console.operation.TopicUse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;

/**
 * What is set and used.
 *
 * @param topics of the pipeline
 * @param store prefixes of the object store
 * @param settings of this console
 * @param undecodable records that this console could not decode
 */
public record OperationsView(List<TopicUse> topics, List<StoreUse> store, List<Setting> settings, long undecodable) {

    /** None of them is a secret. */
    private static final List<String> SHOWN = List.of(
            "kafka.bootstrap.servers",
            "kafka.security.protocol",
            "registry.url",
            "s3.endpoint",
            "s3.bucket",
            "quarkus.http.host",
            "quarkus.http.port",
            "http.allowed-hosts",
            "console.history",
            "console.interval",
            "console.scored-tweets",
            "console.search-timeout",
            "console.thumbnails",
            "console.wall-photos",
            "console.services.crawler",
            "console.services.teacher",
            "console.services.filter",
            "console.services.trainer",
            "console.services.evaluator");

    /**
     * A setting in force.
     *
     * @param name of the setting
     * @param value of it; empty if it is not set
     * @param source where it was set
     */
    public record Setting(String name, String value, String source) {}

    static OperationsView of(Console console, Config config) throws ExecutionException, TimeoutException {
        List<Setting> settings = new ArrayList<>();
        for (String name : SHOWN) {
            ConfigValue value = config.getConfigValue(name);
            settings.add(new Setting(
                    name,
                    value.getValue() == null ? "" : value.getValue(),
                    value.getSourceName() == null ? "default" : value.getSourceName()));
        }
        return new OperationsView(
                TopicUse.all(console.kafka()), StoreUse.all(console.store()), settings, console.undecodable());
    }
}
