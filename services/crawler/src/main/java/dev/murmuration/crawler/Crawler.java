package dev.murmuration.crawler;

import dev.murmuration.crawler.examine.Declarations;
import dev.murmuration.crawler.examine.Examination;
import dev.murmuration.crawler.feed.Feed;
import dev.murmuration.crawler.feed.Oddities;
import dev.murmuration.crawler.feed.PositionException;
import dev.murmuration.crawler.photo.Inspected.Photo;
import dev.murmuration.crawler.simulator.Benchmark;
import dev.murmuration.crawler.simulator.SimulatedFeed;
import dev.murmuration.schemas.AuthorHash;
import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.stage.commit.Fatal;
import dev.murmuration.stage.commit.TransactionFailedException;
import dev.murmuration.stage.commit.Transactions;
import dev.murmuration.stage.settings.SettingException;
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
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The service: a thread that crawls the feed that is set, from where its cursor stands. */
@Liveness
@ApplicationScoped
class Crawler implements HealthCheck {

    private static final Logger LOG = Logger.getLogger(Crawler.class);
    private static final Duration TO_STOP = Duration.ofSeconds(5);

    private final CrawlerSettings settings;
    private final ObjectStore store;
    private final EventWriter writer;
    private final RegistrySettings registry;
    private final Transactions transactions;
    private final MeterRegistry meters;
    private final Map<String, Object> kafka;
    private final StallDetector pulse;

    private @Nullable Crawl crawl;
    private @Nullable Thread thread;

    /** By injection. */
    @Inject
    Crawler(
            CrawlerSettings settings,
            ObjectStore store,
            EventWriter writer,
            RegistrySettings registry,
            Transactions transactions,
            MeterRegistry meters,
            @Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.settings = settings;
        this.store = store;
        this.writer = writer;
        this.registry = registry;
        this.transactions = transactions;
        this.meters = meters;
        this.kafka = kafka;
        this.pulse = new StallDetector(Clock.systemUTC(), settings.stuckAfter());
    }

    /** Before anything is waited for: a wrong setting is one line within seconds, platform or not. */
    void check(@Observes @Priority(0) StartupEvent event) {
        new CrawlerFactory(settings, Oddities.ignored()).check();
    }

    void start(@Observes StartupEvent event) {
        CrawlerFactory parts = new CrawlerFactory(settings, CrawlMeters.oddities(meters));
        Feed feed = parts.feed();
        // Who crawls something else is not asked to do well on what the simulator draws.
        settings.simulator()
                .benchmark()
                .filter(name -> feed instanceof SimulatedFeed)
                .ifPresent(name -> writeBenchmark(parts, name));
        transactions.open(); // An earlier crawler of this feed is fenced off before its last cursor is read.
        CommittedState remembered = new CommittedState(kafka, registry);
        Cursor cursor = remembered.cursor(parts.feedName());
        AuthorHash authors = parts.authors();
        Declarations declarations = parts.declarations();
        remembered.declarations(feed.source(), declarations);
        CrawlState ledger = new CrawlState(
                cursor,
                feed.source(),
                authors,
                parts.admission(),
                declarations,
                settings.recentIds(),
                remembered.sentTweets(feed.source(), settings.sentTweets()),
                parts.eventLimit(),
                Clock.systemUTC());
        Examination examination = new Examination(
                feed.source(),
                parts.admission(),
                declarations,
                settings.maxPhotos(),
                feed.photos(),
                parts.inspection(),
                this::keep,
                authors,
                parts.memory());
        Outlet outlet = new CrawlMeters(meters, cursor, new KafkaOutlet(parts.feedName(), writer, transactions));
        meters.gauge(
                "murmuration.crawler.deletion.limit.seconds",
                Tags.of("source", feed.source()),
                settings.followDeletionsWithin(),
                Duration::toSeconds);
        Crawl whole = new Crawl(feed, examination, ledger, outlet, remembered.tweetPartitions(), parts.limits(), pulse);
        checkPosition(feed, cursor);
        LOG.infof(
                "feed %s (%s) from %s, %d records read before",
                parts.feedName(),
                feed.source(),
                cursor.getPosition().isEmpty() ? "its beginning" : cursor.getPosition(),
                cursor.getRecords());
        crawl = whole;
        thread = Thread.ofPlatform().name("crawl").start(() -> crawl(whole, ledger));
    }

    // Before the start is reported, so that a cursor of another stream is one clear line and not a crash a moment
    // later.
    private void checkPosition(Feed feed, Cursor cursor) {
        try {
            feed.after(cursor.getPosition()).close();
        } catch (PositionException e) {
            throw new SettingException(
                    "crawler.name",
                    settings.name().orElse(settings.feed()),
                    e.getMessage() + "; give the new stream a name of its own");
        } catch (IOException e) {
            throw new SettingException("crawler.feed", settings.feed(), String.valueOf(e.getMessage()));
        }
    }

    private void crawl(Crawl whole, CrawlState ledger) {
        try {
            whole.run();
            Cursor end = ledger.cursor();
            LOG.infof(
                    "the feed has ended: %d records, %d admitted, %d rejected, %d deletions, %d duplicates, %d malformed",
                    end.getRecords(),
                    end.getAdmitted(),
                    end.getRejected(),
                    end.getDeletions(),
                    end.getDuplicates(),
                    end.getMalformed());
        } catch (InterruptedException e) {
            LOG.info("stopped; what was not committed is read again at the next start");
        } catch (TransactionFailedException e) {
            LOG.debug("the process is ending", e);
        } catch (IOException | RuntimeException e) {
            if (!Thread.currentThread().isInterrupted()) {
                Fatal.exit("the crawl of feed " + settings.feed() + " failed", e);
            }
        }
    }

    private void keep(String key, Photo photo) {
        store.putIfAbsent(key, photo.bytes(), photo.mediaType());
    }

    private void writeBenchmark(CrawlerFactory parts, String name) {
        String folder = "benchmarks/" + name + "/";
        if (store.exists(folder + Benchmark.INDEX)) {
            return;
        }
        int photos = settings.simulator().benchmarkPhotos();
        LOG.infof("drawing %d photos of benchmark %s", photos, name);
        try {
            new Benchmark(parts.world(), photos)
                    .write((path, bytes) -> store.putIfAbsent(folder + path, bytes, Benchmark.mediaType(path)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while writing benchmark " + name, e);
        }
        LOG.infof("benchmark %s: %d photos that the stream never shows", name, photos);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        if (crawl != null && thread != null) {
            crawl.stop();
            thread.join(TO_STOP);
        }
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("crawl").status(!pulse.isStuck()).build();
    }
}
