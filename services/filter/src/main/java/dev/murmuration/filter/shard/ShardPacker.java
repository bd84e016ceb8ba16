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
import dev.murmuration.stage.commit.Assignments;
import dev.murmuration.stage.commit.ChannelDriver;
import dev.murmuration.stage.commit.Decision;
import dev.murmuration.stage.commit.Heartbeat;
import dev.murmuration.stage.commit.Transactions;
import dev.murmuration.stage.commit.Work;
import dev.murmuration.stage.store.ObjectStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * The edge of the packer: takes batches from labelled-images, has them packed and commits what is cut. Open shards are
 * in memory only: after a failure or a rebalance they are made again from the committed offset.
 */
@ApplicationScoped
class ShardPacker implements Work {

    private static final Logger LOG = Logger.getLogger(ShardPacker.class);
    private static final String CHANNEL = "labelled-images";
    private static final String PROBE = "probes/";
    private static final long SECONDS_BETWEEN_LOOKS = 60;

    private final ShardSettings settings;
    private final PackingRules rules;
    private final ObjectStore store;
    private final TopicNames names;
    private final Heartbeat heartbeat;
    private final PackerMetrics metrics;
    private final String instance;
    private final EventReader<LabelledImage> reader;
    private final ShardSealer sealer;
    private final Photos photos;
    private final ShardBuilder builder;

    private final ExecutorService fetchers;
    private final PendingDeletions deletions;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("deletions").factory());
    private final ChannelDriver driver;

    @Inject
    ShardPacker(
            FilterSettings settings,
            RegistrySettings registry,
            EventWriter writer,
            ObjectStore store,
            TopicNames names,
            KafkaClientService clients,
            Assignments assignments,
            Transactions transactions,
            @Liveness Heartbeat heartbeat,
            MeterRegistry meters,
            @ConfigProperty(name = "instance.name") String instance) {
        this.settings = settings.shards();
        this.rules = PackingRules.of(settings);
        this.store = store;
        this.names = names;
        this.heartbeat = heartbeat;
        this.metrics = new PackerMetrics(meters);
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
        this.deletions = new PendingDeletions(store, Clock.systemUTC());
        meters.gauge("murmuration.filter.deletion.age.seconds", deletions, PendingDeletions::seconds);
        this.driver = new ChannelDriver(CHANNEL, clients, assignments, transactions, heartbeat, this);
    }

    /** Whether the packer moves: its committed position cannot tell, since it stands still for as long as a shard is open. */
    @Produces
    @Singleton
    @Liveness
    static Heartbeat heartbeat(FilterSettings settings) {
        return new Heartbeat("packer", settings.shards().stuckAfter(), Clock.systemUTC());
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
        Future<?> unused = looks.scheduleWithFixedDelay(deletions::look, 0, SECONDS_BETWEEN_LOOKS, TimeUnit.SECONDS);
        driver.open();
    }

    void stop(@Observes ShutdownEvent event) {
        driver.stop();
        looks.shutdownNow();
        fetchers.shutdownNow();
    }

    @Incoming(CHANNEL)
    @Blocking
    @Acknowledgment(Acknowledgment.Strategy.NONE)
    void pack(ConsumerRecords<byte[], byte[]> batch, IncomingKafkaRecordBatchMetadata<byte[], byte[]> read) {
        driver.process(batch, read);
    }

    @Override
    public void process(ConsumerRecords<byte[], byte[]> batch) throws InterruptedException {
        for (TopicPartition partition : batch.partitions()) {
            Arrivals arrivals = new Arrivals(
                    batch.records(partition).iterator(),
                    record -> reader.read(record.headers(), record.value()),
                    photos,
                    fetchers,
                    settings.prefetch());
            while (arrivals.hasNext() && driver.holds(partition) && !driver.isEnding()) {
                ShardBuilder.Decision decision = builder.pack(arrivals.next());
                decision.deletedTweets().forEach(sealer::redact);
                decision.cuts().forEach(this::seal);
                heartbeat.beat();
            }
        }
    }

    @Override
    public void idle() {
        builder.cutIdle(settings.idle()).forEach(this::seal);
    }

    @Override
    public void drop(TopicPartition partition) {
        builder.forget(partition.partition());
    }

    private void seal(Cut cut) {
        ShardSealer.Sealed sealed = sealer.seal(cut);
        TopicPartition partition = new TopicPartition(names.of(Topics.LABELLED_IMAGES), cut.partition());
        if (!driver.commit(
                new Decision(sealed.records(), Map.of(partition, new OffsetAndMetadata(cut.lastOffset() + 1))))) {
            return;
        }
        metrics.sealed(sealed.shards(), cut.rejections());
        for (Shard shard : sealed.shards()) {
            LOG.infof("sealed %s: %d samples, %d bytes", shard.getKey(), shard.getSamples(), shard.getBytes());
        }
    }
}
