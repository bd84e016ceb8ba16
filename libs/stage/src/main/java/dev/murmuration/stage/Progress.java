package dev.murmuration.stage;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the platform before a stage starts, then watches the stage's own groups: lag as the gauge {@code murmuration_lag_records}, and not alive when a
 * committed position stands still although there is lag. The cluster is asked and not the consumer, so that nothing which wedges the stage wedges this.
 */
@Liveness
@ApplicationScoped
class Progress implements HealthCheck {

    private static final Logger LOG = Logger.getLogger(Progress.class);

    private final BrokerSettings settings;
    private final ObjectStore store;
    private final MeterRegistry meters;
    private final Map<String, Object> kafka;
    private final Map<String, Watch> watches = new ConcurrentHashMap<>();
    private final Set<String> gauged = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("progress").factory());

    private @Nullable ScheduledFuture<?> looking;

    @Inject
    Progress(
            BrokerSettings settings,
            ObjectStore store,
            MeterRegistry meters,
            @Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.settings = settings;
        this.store = store;
        this.meters = meters;
        this.kafka = kafka;
    }

    /** Before the channels open, so that a platform that is not there ends the start with one line. */
    void start(@Observes @Priority(1) StartupEvent event) {
        Map<String, List<String>> groups = groups(settings.groups().orElse(List.of()));
        Cluster cluster = new Cluster(kafka);
        cluster.awaitTopics(settings.startPatience());
        store.awaitBucket();
        long interval = settings.interval().toMillis();
        looking = timer.scheduleWithFixedDelay(() -> look(cluster, groups), interval, interval, TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        if (looking != null) {
            looking.cancel(true);
        }
        timer.shutdownNow();
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("progress").up();
        watches.forEach((group, watch) -> watch.stuck()
                .forEach(partition -> response.down()
                        .withData(
                                group + " " + partition,
                                "committed position has not moved for %s although there is lag"
                                        .formatted(settings.stuckAfter()))));
        return response.build();
    }

    static Map<String, List<String>> groups(List<String> setting) {
        Map<String, List<String>> groups = new HashMap<>();
        for (String entry : setting) {
            String[] parts = entry.split(":", -1);
            if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank()) {
                throw new SettingException("progress.groups", entry, "must be group:topic");
            }
            groups.merge(parts[0].strip(), List.of(parts[1].strip()), Progress::both);
        }
        return groups;
    }

    private static List<String> both(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    private void look(Cluster cluster, Map<String, List<String>> groups) {
        groups.forEach((group, topics) -> {
            try {
                Map<TopicPartition, Watch.Position> positions = cluster.positions(group, topics);
                Watch watch = watches.computeIfAbsent(group, g -> new Watch(Clock.systemUTC(), settings.stuckAfter()));
                for (TopicPartition standing : watch.standing(positions)) {
                    positions.computeIfPresent(
                            standing,
                            (partition, position) -> cluster.holdsOnlyMarkers(partition, position)
                                    ? new Watch.Position(position.end(), position.end())
                                    : position);
                }
                watch.look(positions);
                positions.keySet().forEach(partition -> gauge(group, partition, watch));
            } catch (ExecutionException | TimeoutException | RuntimeException e) {
                // A cluster that does not answer is no proof that this stage is stuck; the next look tells.
                LOG.debugf(e, "cannot look up the lag of %s", group);
            }
        });
    }

    private void gauge(String group, TopicPartition partition, Watch watch) {
        if (gauged.add(group + " " + partition)) {
            meters.gauge(
                    "murmuration.lag.records",
                    Tags.of(
                            "group", group,
                            "topic", partition.topic(),
                            "partition", Integer.toString(partition.partition())),
                    watch,
                    w -> w.lag(partition));
        }
    }
}
