package dev.murmuration.local.launch;

import dev.murmuration.cluster.Groups;
import dev.murmuration.cluster.Reading;
import dev.murmuration.cluster.TopicReader;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.local.process.ProgramState;
import dev.murmuration.local.process.Supervisor;
import dev.murmuration.local.settings.Failure;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.PerClass;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** How far a relabelling is, from the committed positions of its three groups, one after the other: teacher, filter, packer. */
public final class RelabelProgress {

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(2);
    private static final String CANDIDATES = "filter-candidates-repartition";

    private final PlatformSettings platform;
    private final TopicNames names;
    private final Duration timeout;
    private final Consumer<String> say;

    /**
     * Of a running system.
     *
     * @param timeout how long no position may advance
     * @param say receives a line for each change
     */
    public RelabelProgress(PlatformSettings platform, TopicNames names, Duration timeout, Consumer<String> say) {
        this.platform = platform;
        this.names = names;
        this.timeout = timeout;
        this.say = say;
    }

    /**
     * Refuses data sets that other runs have written to.
     *
     * @throws Failure if a data set has shards that are not of this relabelling
     */
    public void requireNew(Collection<String> datasets) {
        for (ConsumerRecord<byte[], byte[]> shard : shards(names -> !names.equals(this.names))) {
            String dataset = new String(shard.key(), StandardCharsets.UTF_8);
            if (datasets.contains(dataset)) {
                throw new Failure("data set %s already exists: choose another name".formatted(dataset));
            }
        }
    }

    /**
     * Returns when everything that is on {@code tweets} now is in shards. Stops the teacher once it is done, so that the others
     * come to an end.
     *
     * @throws Failure if a service was given up, or nothing has advanced for too long
     */
    public void follow(Supervisor supervisor) {
        try (Groups groups = new Groups(Map.of("bootstrap.servers", platform.bootstrapServers()), TIMEOUT)) {
            Map<TopicPartition, Long> goal = groups.ends(List.of(Topics.TWEETS.name()));
            await(supervisor, groups, "teacher", List.of(Topics.TWEETS.name()), goal);
            supervisor.end(List.of("teacher"));
            await(
                    supervisor,
                    groups,
                    "filter",
                    List.of(names.of(Topics.SCORED_TWEETS), names.group(CANDIDATES)),
                    Map.of());
            await(supervisor, groups, "shard-packer", List.of(names.of(Topics.LABELLED_IMAGES)), Map.of());
        } catch (ExecutionException | TimeoutException e) {
            throw new Failure("the broker does not answer: " + e.getMessage());
        }
    }

    private void await(
            Supervisor supervisor, Groups groups, String group, List<String> topics, Map<TopicPartition, Long> goal)
            throws TimeoutException {
        long advanced = System.nanoTime();
        long told = 0;
        long position = -1;
        while (true) {
            supervisor.failed().ifPresent(state -> {
                throw failed(state);
            });
            Optional<Map<TopicPartition, Reading>> readings = readings(groups, group, topics);
            if (readings.isPresent()) {
                long now = sum(readings.get(), Reading::committed);
                boolean done = readings.get().entrySet().stream()
                        .allMatch(each -> each.getValue().records() == 0
                                || each.getValue().committed() >= goal.getOrDefault(each.getKey(), Long.MAX_VALUE));
                if (now != position) {
                    position = now;
                    advanced = System.nanoTime();
                }
                if (done || System.nanoTime() - told > BETWEEN_LINES.toNanos()) {
                    told = System.nanoTime();
                    say.accept("%-12s at %,d of %,d%s"
                            .formatted(group, now, sum(readings.get(), Reading::end), done ? ", done" : ""));
                }
                if (done) {
                    return;
                }
            }
            if (System.nanoTime() - advanced > timeout.toNanos()) {
                throw new Failure(
                        "nothing has advanced for %d s: the %s has stopped".formatted(timeout.toSeconds(), group));
            }
            LauncherClient.pause(LOOK);
        }
    }

    private static Failure failed(ProgramState state) {
        return new Failure("%s: %s".formatted(state.program(), state.detail()), LauncherClient.exitStatus(state));
    }

    /** Empty as long as the service has not made its topics yet. */
    private Optional<Map<TopicPartition, Reading>> readings(Groups groups, String group, List<String> topics)
            throws TimeoutException {
        try {
            return Optional.of(groups.readings(names.group(group), topics));
        } catch (ExecutionException e) {
            return Optional.empty();
        }
    }

    private static long sum(Map<TopicPartition, Reading> readings, ToLongFunction<Reading> offset) {
        return readings.values().stream().mapToLong(offset).sum();
    }

    /** The data sets of this relabelling as they are now, a line each. */
    public List<String> datasets() {
        Map<String, PerClass> counts = new TreeMap<>();
        Map<String, Integer> shards = new TreeMap<>();
        try (EventReader<Shard> reader =
                EventReader.of(RegistrySettings.apicurio(platform.registryUrl()), Topics.SHARDS, Shard.class)) {
            for (ConsumerRecord<byte[], byte[]> record : shards(names::equals)) {
                if (reader.read(record.headers(), record.value()) instanceof Decoded.Event<Shard>(Shard shard)) {
                    counts.merge(shard.getDataset(), shard.getPerClass(), RelabelProgress::plus);
                    shards.merge(shard.getDataset(), 1, Integer::sum);
                }
            }
        }
        List<String> lines = new ArrayList<>();
        counts.forEach(
                (dataset, each) -> lines.add("%-44s %,12d  in %,d shards: negative %,d, neutral %,d, positive %,d"
                        .formatted(
                                "data set " + dataset,
                                each.getNegative() + each.getNeutral() + each.getPositive(),
                                shards.getOrDefault(dataset, 0),
                                each.getNegative(),
                                each.getNeutral(),
                                each.getPositive())));
        return lines;
    }

    private static PerClass plus(PerClass one, PerClass other) {
        return new PerClass(
                one.getNegative() + other.getNegative(),
                one.getNeutral() + other.getNeutral(),
                one.getPositive() + other.getPositive());
    }

    /**
     * The committed events on {@code shards} of the labellings with such names.
     *
     * @throws Failure if the broker does not answer
     */
    private List<ConsumerRecord<byte[], byte[]>> shards(Predicate<TopicNames> wanted) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        Map<String, Object> kafka = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, platform.bootstrapServers());
        try {
            new TopicReader(kafka, TIMEOUT).read(Topics.SHARDS.name(), TopicReader.Start.BEGINNING, record -> {
                if (record.value() != null && wanted.test(TopicNames.in(record.headers()))) {
                    found.add(record);
                }
            });
            return found;
        } catch (KafkaException e) {
            throw new Failure("the broker does not answer: " + e.getMessage());
        }
    }
}
