package dev.murmuration.filter.shard;

import dev.murmuration.filter.settings.FilterSettings;
import dev.murmuration.filter.settings.FilterSettings.ShardSettings;
import dev.murmuration.filter.settings.PackingRules;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.Fatal;
import dev.murmuration.stage.ObjectStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The edge of the packer: takes batches from labelled-images, has them packed and commits what is cut. Whatever fails ends the process, since what is open is
 * made again from the committed offset.
 */
@ApplicationScoped
class ShardPacker {

    private static final Logger LOG = Logger.getLogger(ShardPacker.class);
    private static final String CHANNEL = "labelled-images";
    private static final String PROBE = "probes/";
    private static final Duration TICK = Duration.ofSeconds(1);

    private final ShardSettings settings;
    private final PackingRules rules;
    private final ObjectStore store;
    private final TopicNames names;
    private final KafkaClientService clients;
    private final Assignments assignments;
    private final PackerProgress progress;
    private final PackerMetrics metrics;
    private final Map<String, Object> kafka;
    private final String instance;
    private final EventReader<LabelledImage> reader;
    private final ShardSealer sealer;
    private final Photos photos;
    private final ShardBuilder builder;

    private final ReentrantLock lock = new ReentrantLock();
    private final ExecutorService fetchers;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("packer").factory());
    /** The generation in which what is open of a partition was read. */
    private final Map<Integer, Integer> openedIn = new HashMap<>();

    private boolean failed;
    private @Nullable ScheduledFuture<?> ticking;
    private @Nullable ShardCommitter committer;

    @Inject
    ShardPacker(
            FilterSettings settings,
            RegistrySettings registry,
            EventWriter writer,
            ObjectStore store,
            TopicNames names,
            KafkaClientService clients,
            @Identifier("labelled-images") Assignments assignments,
            @Liveness PackerProgress progress,
            MeterRegistry meters,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            @ConfigProperty(name = "instance.name") String instance) {
        this.settings = settings.shards();
        this.rules = PackingRules.of(settings);
        this.store = store;
        this.names = names;
        this.clients = clients;
        this.assignments = assignments;
        this.progress = progress;
        this.metrics = new PackerMetrics(meters);
        this.kafka = kafka;
        this.instance = instance;
        this.reader = EventReader.of(registry, Topics.LABELLED_IMAGES, LabelledImage.class);
        this.sealer = new ShardSealer(store, writer::write, names, rules.thresholds());
        PhotoForm form = new PhotoForm(
                this.settings.side(), this.settings.minSide(), this.settings.jpegQuality(), this.settings.maxPixels());
        this.photos = new Photos(store, form, this.settings.decoders());
        // No virtual ones: photos are decoded on them, and what Image I/O and Java 2D wait for inside holds on to the
        // carriers until nothing goes on.
        this.fetchers = Executors.newFixedThreadPool(
                this.settings.prefetch() + 1,
                Thread.ofPlatform().daemon().name("photos-", 0).factory());
        this.builder = new ShardBuilder(
                this::limits, new Licenses(settings.licenses())::of, names, rules.mostEventBytes(), Clock.systemUTC());
        meters.gauge("murmuration.shards.open.samples", builder, ShardBuilder::openSamples);
    }

    private CutLimits limits(String dataset) {
        return new CutLimits(rules.maxSamples(dataset), rules.maxBytes(dataset), settings.maxSpan());
    }

    /** Before the channel opens: an earlier process of this name is fenced off before anything of it is read again. */
    void start(@Observes @Priority(3) StartupEvent event) {
        ImageIO.setUseCache(false);
        ImageIO.scanForPlugins();
        if (!store.probeConditionalPuts(PROBE + instance)) {
            LOG.warn("the object store takes no conditional puts: keys are looked for before they are written");
        }
        Map<String, Object> config = new HashMap<>(kafka);
        config.putAll(ShardCommitter.config(
                instance + "-shards", settings.transactionTimeout().toMillis()));
        committer = new ShardCommitter(config);
        ticking = timer.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        if (ticking != null) {
            ticking.cancel(false);
        }
        timer.shutdownNow();
        fetchers.shutdownNow();
    }

    /** Packs one batch. Batches come one after the other, each partition's records in their order. */
    @Incoming(CHANNEL)
    @Blocking
    void pack(ConsumerRecords<byte[], byte[]> batch, IncomingKafkaRecordBatchMetadata<byte[], byte[]> metadata) {
        exclusively("pack labelled-images", () -> {
            forgetWhatWasTakenAway();
            for (TopicPartition partition : batch.partitions()) {
                pack(batch, partition, metadata.getConsumerGroupGenerationId());
            }
        });
    }

    private void pack(ConsumerRecords<byte[], byte[]> batch, TopicPartition partition, int generation)
            throws InterruptedException {
        Arrivals arrivals = new Arrivals(
                batch.records(partition).iterator(),
                record -> reader.read(record.headers(), record.value()),
                photos,
                fetchers,
                settings.prefetch());
        while (arrivals.hasNext() && assignments.holds(partition.partition(), generation)) {
            openedIn.put(partition.partition(), generation);
            ShardBuilder.Decision decision = builder.pack(arrivals.next());
            decision.deletedTweets().forEach(sealer::redact);
            decision.cuts().forEach(this::seal);
            progress.moved();
        }
        forgetWhatWasTakenAway();
    }

    private void tick() {
        progress.look(clients.getConsumer(CHANNEL));
        if (lock.tryLock()) {
            try {
                exclusively("cut idle shards", () -> {
                    forgetWhatWasTakenAway();
                    builder.cutIdle(settings.idle()).forEach(this::seal);
                });
            } finally {
                lock.unlock();
            }
        }
    }

    private void forgetWhatWasTakenAway() {
        openedIn.entrySet().removeIf(opened -> {
            boolean isLost = !assignments.holds(opened.getKey(), opened.getValue());
            if (isLost) {
                builder.forget(opened.getKey());
            }
            return isLost;
        });
    }

    private void seal(Cut cut) {
        ShardSealer.Sealed sealed = sealer.seal(cut);
        TopicPartition partition = new TopicPartition(names.of(Topics.LABELLED_IMAGES), cut.partition());
        // Asked before the partition is checked: if it is taken away after that, the generation is over and the broker
        // refuses.
        ConsumerGroupMetadata group =
                clients.getConsumer(CHANNEL).consumerGroupMetadata().await().atMost(settings.transactionTimeout());
        if (committer == null || !assignments.holds(cut.partition(), openedIn.getOrDefault(cut.partition(), 0))) {
            return;
        }
        committer.commit(sealed.records(), partition, cut.lastOffset() + 1, group);
        metrics.sealed(sealed.shards(), cut.rejections());
        for (Shard shard : sealed.shards()) {
            LOG.infof("sealed %s: %d samples, %d bytes", shard.getKey(), shard.getSamples(), shard.getBytes());
        }
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    /** After a failure nothing more is packed: the next batch would leave a gap. */
    private void exclusively(String what, Work work) {
        lock.lock();
        try {
            if (!failed) {
                progress.begin();
                work.run();
                progress.end();
            }
        } catch (InterruptedException e) {
            failed = true;
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) { // what no record is to blame for: see FaultIsolation
            failed = true;
            Fatal.exit("cannot " + what, e);
        } finally {
            lock.unlock();
        }
    }
}
