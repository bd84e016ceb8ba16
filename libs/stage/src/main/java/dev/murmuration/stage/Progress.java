package dev.murmuration.stage;

import dev.murmuration.cluster.Groups;
import dev.murmuration.cluster.Reading;
import dev.murmuration.cluster.Watch;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.stage.store.ObjectStore;
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
import java.time.Duration;
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
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the platform before a stage starts, then watches the stage's own groups: lag in records and seconds as gauges, and
 * not alive when a committed position stands still although there is lag. The cluster is asked and not the consumer, so that
 * nothing which wedges the stage wedges this.
 */
@Liveness
@ApplicationScoped
class Progress implements HealthCheck {

    private static final Logger LOG = Logger.getLogger(Progress.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final BrokerSettings settings;
    private final ObjectStore store;
    private final MeterRegistry meters;
    private final TopicNames names;
    private final Map<String, Object> kafka;
    private final Map<String, Watch> watches = new ConcurrentHashMap<>();
    private final Set<String> gauged = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("progress").factory());

    private final Map<String, Watch> onlyShown = new ConcurrentHashMap<>();
    /** The groups that the cluster said nothing of at the last look. */
    private final Set<String> unanswered = ConcurrentHashMap.newKeySet();

    private @Nullable ScheduledFuture<?> looking;
    private @Nullable Groups asked;

    @Inject
    Progress(
            BrokerSettings settings,
            ObjectStore store,
            MeterRegistry meters,
            TopicNames names,
            @Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.settings = settings;
        this.store = store;
        this.meters = meters;
        this.names = names;
        this.kafka = kafka;
    }

    /** Before the channels open, so that a platform that is not there ends the start with one line. */
    void start(@Observes @Priority(1) StartupEvent event) {
        InsecureDefaults.of(name -> ConfigProvider.getConfig().getOptionalValue(name, String.class))
                .forEach(LOG::warn);
        Map<String, List<String>> watched = groups(settings.groups().orElse(List.of()));
        Map<String, List<String>> shown = groups(settings.shownGroups().orElse(List.of()));
        try (Cluster cluster = new Cluster(kafka)) {
            cluster.awaitTopics(names, settings.startTimeout());
        }
        store.awaitBucket();
        Groups cluster = new Groups(kafka, TIMEOUT);
        asked = cluster;
        long interval = settings.interval().toMillis();
        looking = timer.scheduleWithFixedDelay(
                () -> {
                    look(cluster, watched, watches);
                    look(cluster, shown, onlyShown);
                },
                interval,
                interval,
                TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        if (looking != null) {
            looking.cancel(false);
        }
        if (asked != null) {
            // By the thread that uses it.
            timer.execute(asked::close);
        }
        timer.shutdown();
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("progress").up();
        watches.forEach((group, watch) -> watch.standingLongerThan(settings.stuckAfter())
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
            groups.merge(parts[0].strip(), List.of(parts[1].strip()), Progress::both);
        }
        return groups;
    }

    private static List<String> both(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    private void look(Groups cluster, Map<String, List<String>> groups, Map<String, Watch> looks) {
        groups.forEach((group, topics) -> {
            try {
                Map<TopicPartition, Reading> readings = cluster.readings(group, topics);
                Watch watch = looks.computeIfAbsent(group, g -> new Watch(Clock.systemUTC()));
                watch.look(readings);
                readings.keySet().forEach(partition -> gauge(group, partition, watch));
                if (unanswered.remove(group)) {
                    LOG.infof("the lag of %s is known again", group);
                }
            } catch (ExecutionException | TimeoutException | RuntimeException e) {
                // A cluster that does not answer is no proof that this stage is stuck; the next look tells.
                if (unanswered.add(group)) {
                    LOG.warnf("the lag of %s is not known, its gauges are NaN: %s", group, e);
                }
            }
        });
    }

    private void gauge(String group, TopicPartition partition, Watch watch) {
        if (gauged.add(group + " " + partition)) {
            Tags tags = Tags.of(
                    "group", group,
                    "topic", partition.topic(),
                    "partition", Integer.toString(partition.partition()));
            meters.gauge("murmuration.lag.records", tags, watch, w -> known(group, (double) w.records(partition)));
            meters.gauge("murmuration.lag.seconds", tags, watch, w -> known(group, seconds(w.age(partition))));
            meters.gauge(
                    "murmuration.lag.standing.seconds", tags, watch, w -> known(group, seconds(w.standing(partition))));
        }
    }

    /** No number rather than one that may long be wrong. */
    private double known(String group, double value) {
        return unanswered.contains(group) ? Double.NaN : value;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
