package dev.murmuration.filter;

import dev.murmuration.filter.dataset.DecisionRules;
import dev.murmuration.filter.duplicate.NearDuplicates;
import dev.murmuration.filter.settings.FilterFactory;
import dev.murmuration.filter.settings.FilterSettings;
import dev.murmuration.filter.topology.EventCodec;
import dev.murmuration.filter.topology.FilterMetrics;
import dev.murmuration.filter.topology.FilterTopology;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.commit.Fatal;
import dev.murmuration.stage.store.ObjectStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Runs the topology: starts it once everything it needs is there, and ends the process when one of its threads dies. */
@Readiness
@ApplicationScoped
class FilterStreams implements HealthCheck {

    private static final Logger LOG = Logger.getLogger(FilterStreams.class);
    private static final Duration CLOSE = Duration.ofSeconds(10);

    /**
     * As much as a partition's records may grow to before they are sent at once. Kafka's 16 KiB are some 25 events: every one of
     * so small batches is a request that producer, broker and reader wake up for.
     */
    static final int BATCH_BYTES = 256 << 10;

    private final FilterSettings settings;
    private final RegistrySettings registry;
    private final EventWriter writer;
    private final ObjectStore store;
    private final MeterRegistry meters;
    private final TopicNames names;
    private final Map<String, Object> kafka;
    private final String instance;
    private @Nullable KafkaStreams streams;

    @Inject
    FilterStreams(
            FilterSettings settings,
            RegistrySettings registry,
            EventWriter writer,
            ObjectStore store,
            MeterRegistry meters,
            TopicNames names,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            @ConfigProperty(name = "instance.name") String instance) {
        this.settings = settings;
        this.registry = registry;
        this.writer = writer;
        this.store = store;
        this.meters = meters;
        this.names = names;
        this.kafka = kafka;
        this.instance = instance;
    }

    /** Before the platform is waited for. */
    void describe(@Observes @Priority(0) StartupEvent event) {
        LOG.infof("data sets: %s", FilterFactory.rules(settings).dataSets().describe());
    }

    /** After the platform was found and before the packer's channel opens. */
    void start(@Observes @Priority(2) StartupEvent event) {
        DecisionRules rules = FilterFactory.rules(settings);
        NearDuplicates benchmarks = new Benchmarks(store, settings).load();
        streams = new KafkaStreams(topology(rules, benchmarks), properties());
        streams.setUncaughtExceptionHandler(failure -> {
            Fatal.exit("the filter's topology failed", failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        new KafkaStreamsMetrics(streams).bindTo(meters);
        streams.start();
    }

    private Topology topology(DecisionRules rules, NearDuplicates benchmarks) {
        EventReader<ScoredTweet> reader = EventReader.of(registry, Topics.SCORED_TWEETS, ScoredTweet.class);
        return FilterTopology.of(
                new EventCodec(reader::read, writer::write, names, settings.maxEventBytes()),
                rules,
                benchmarks,
                labelledImagesPartitions(),
                new FilterMetrics(meters));
    }

    void stop(@Observes ShutdownEvent event) {
        if (streams != null) {
            streams.close(CLOSE);
        }
    }

    @Override
    public HealthCheckResponse call() {
        KafkaStreams.State state = streams == null ? KafkaStreams.State.CREATED : streams.state();
        return HealthCheckResponse.named("topology")
                .status(state == KafkaStreams.State.RUNNING)
                .withData("state", state.name())
                .build();
    }

    private int labelledImagesPartitions() {
        String topic = names.of(Topics.LABELLED_IMAGES);
        try (Admin admin = Admin.create(kafka)) {
            TopicDescription described =
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            return Objects.requireNonNull(described, topic).partitions().size();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot look up the partitions of " + topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while looking up the partitions of " + topic, e);
        }
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        properties.putAll(kafka);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, names.group("filter"));
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG,
                settings.stateDir().toAbsolutePath().toString());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        properties.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.commitInterval().toMillis());
        properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbyReplicas());
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, settings.replicationFactor());
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), instance);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        return properties;
    }
}
