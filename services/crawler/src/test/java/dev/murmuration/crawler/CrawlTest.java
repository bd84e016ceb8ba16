package dev.murmuration.crawler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.crawler.examine.Admission;
import dev.murmuration.crawler.examine.ByteBudget;
import dev.murmuration.crawler.examine.Declarations;
import dev.murmuration.crawler.examine.Examination;
import dev.murmuration.crawler.feed.Feed;
import dev.murmuration.crawler.photo.Inspection;
import dev.murmuration.crawler.photo.InspectionLimits;
import dev.murmuration.crawler.photo.PhotoSource;
import dev.murmuration.crawler.simulator.SimulatedFeed;
import dev.murmuration.schemas.AuthorHash;
import dev.murmuration.schemas.Cursor;
import dev.murmuration.simulator.World;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole crawl in memory, with everything that a stream does, and stops wherever they hurt. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CrawlTest {

    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    private static final int RECORDS = 400;
    private static final World WORLD = new World(3, 64, 0.85, 0.6, List.of(1.0, 1.0, 1.0));

    /** Keeps what was committed, and breaks down when it is told to. */
    private static final class Topic implements Outlet {
        final List<Outgoing> outgoing = new ArrayList<>();
        Cursor cursor = CrawlState.beginning("simulator");
        int commitsLeft = Integer.MAX_VALUE;
        int commits;

        @Override
        public void commit(List<Outgoing> more, Cursor now) {
            if (commitsLeft-- == 0) {
                throw new IllegalStateException("broken down");
            }
            outgoing.addAll(more);
            cursor = now;
            commits++;
        }

        /** As the next process would read it from the topic. */
        SentTweets sent() {
            SentTweets sent = new SentTweets(10_000);
            for (Outgoing each : outgoing) {
                switch (each) {
                    case Outgoing.Tweet(var tweet) -> sent.add(tweet.getId(), tweet.getAuthorHash());
                    case Outgoing.Tombstone(String id) -> sent.remove(id);
                    default -> {}
                }
            }
            return sent;
        }
    }

    @Test
    void keepsTheFeedsOrderHoweverLongPhotosTake() throws Exception {
        Topic hurried = new Topic();
        Topic delayed = new Topic();

        crawl(hurried, (url, room) -> feed().photos().fetch(url, room), 1, 1);
        crawl(
                delayed,
                (url, room) -> {
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(3_000_000));
                    return feed().photos().fetch(url, room);
                },
                64,
                37);

        assertThat(text(delayed)).isEqualTo(text(hurried));
        assertThat(delayed.cursor).isEqualTo(hurried.cursor);
        assertThat(hurried.cursor.getRecords()).isEqualTo(RECORDS);
        assertThat(hurried.commits).isEqualTo(RECORDS + 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void losesAndDoublesNothingHoweverOftenItBreaksDown(long seed) throws Exception {
        Topic whole = new Topic();
        crawl(whole, feed().photos(), 16, 25);
        Topic broken = new Topic();
        Random random = new Random(seed);

        while (!broken.cursor.getEnded()) {
            broken.commitsLeft = random.nextInt(4);
            try {
                crawl(broken, feed().photos(), 16, 1 + random.nextInt(30));
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("broken down");
            }
        }

        assertThat(text(broken)).isEqualTo(text(whole));
        assertThat(broken.cursor).isEqualTo(whole.cursor);
    }

    @Test
    void stopsAfterTheCommitThatIsUnderWayAndLeavesNothingHalf() throws Exception {
        Topic whole = new Topic();
        crawl(whole, feed().photos(), 16, 25);
        Topic stopped = new Topic();
        Crawl[] crawl = new Crawl[1];
        Outlet stopping = (outgoing, cursor) -> {
            crawl[0].stop();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            stopped.commit(outgoing, cursor);
        };

        while (!stopped.cursor.getEnded()) {
            crawl[0] = crawl(stopped, stopping, feed().photos(), 16, 50);
            assertThatThrownBy(crawl[0]::run).isInstanceOf(InterruptedException.class);
        }

        assertThat(text(stopped)).isEqualTo(text(whole));
        assertThat(stopped.commits).isEqualTo(RECORDS / 50 + 1);
    }

    @Test
    void anEndedFeedStaysEnded() throws Exception {
        Topic topic = new Topic();
        crawl(topic, feed().photos(), 16, 100);
        int before = topic.outgoing.size();

        crawl(topic, feed().photos(), 16, 100);

        assertThat(topic.outgoing).hasSize(before);
    }

    @Test
    void aStoreThatIsGoneStopsTheCrawl() {
        assertThatThrownBy(() -> crawl(
                        new Topic(),
                        (url, room) -> {
                            throw new UncheckedIOException(new ConnectException("the store is gone"));
                        },
                        16,
                        100))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("the store is gone");
    }

    @Test
    void aPhotoThatMakesItFailIsRefusedAndTheCrawlContinues() throws Exception {
        PhotoSource photos = feed().photos();
        AtomicInteger fetched = new AtomicInteger();
        Topic topic = new Topic();

        crawl(
                topic,
                (url, room) -> {
                    return switch (fetched.incrementAndGet() % 4) {
                        case 0 -> throw new IllegalStateException("a bug");
                        case 1 -> throw new StackOverflowError();
                        case 2 -> throw new OutOfMemoryError("Java heap space");
                        default -> photos.fetch(url, room);
                    };
                },
                16,
                100);

        assertThat(topic.cursor.getEnded()).isTrue();
        assertThat(topic.outgoing)
                .filteredOn(out -> kind(out).equals("image-corrupt"))
                .extracting(out ->
                        ((Outgoing.Rejection) out).rejection().getDetail().split("[: (]", 2)[0])
                .contains("IllegalStateException", "StackOverflowError", "OutOfMemoryError");
        assertThat(topic.cursor.getRecords())
                .isEqualTo(topic.cursor.getAdmitted()
                        + topic.cursor.getRejected()
                        + topic.cursor.getDeletions()
                        + topic.cursor.getDuplicates()
                        + topic.cursor.getMalformed());
    }

    @Test
    void everyKindOfNoiseIsInTheStream() throws Exception {
        Topic topic = new Topic();

        crawl(topic, feed().photos(), 16, 100);

        assertThat(topic.outgoing.stream().map(CrawlTest::kind).distinct())
                .contains(
                        "Tweet",
                        "Tombstone",
                        "DeadLetter",
                        "End",
                        "not-english",
                        "referenced",
                        "too-few-words",
                        "no-photo",
                        "image-missing",
                        "image-corrupt",
                        "image-too-large",
                        "image-too-small",
                        "image-unsupported");
        assertThat(topic.cursor.getDuplicates()).isPositive();
    }

    private static Feed feed() {
        return new SimulatedFeed(WORLD, RECORDS, 0);
    }

    private static void crawl(Topic topic, PhotoSource photos, int ahead, int records) throws Exception {
        crawl(topic, topic, photos, ahead, records).run();
    }

    private static Crawl crawl(Topic topic, Outlet outlet, PhotoSource photos, int ahead, int records) {
        AuthorHash authors = new AuthorHash("salt");
        Examination examination = new Examination(
                "simulator",
                new Admission(Set.of("en"), 5, Set.of()),
                new Declarations(10),
                20,
                photos,
                new Inspection(new InspectionLimits(40_000_000, 32), 2),
                (key, photo) -> {},
                authors,
                new ByteBudget(64 << 20));
        CrawlState ledger = new CrawlState(
                topic.cursor,
                "simulator",
                authors,
                new Admission(Set.of("en"), 5, Set.of()),
                new Declarations(10),
                100,
                topic.sent(),
                new EventLimit(900_000),
                CLOCK);
        Crawl.Limits limits = new Crawl.Limits(ahead, records, Duration.ofSeconds(30));
        return new Crawl(
                feed(), examination, ledger, outlet, 2, limits, new StallDetector(CLOCK, Duration.ofMinutes(1)));
    }

    private static String kind(Outgoing outgoing) {
        return outgoing instanceof Outgoing.Rejection(var rejection)
                ? rejection.getReason()
                : outgoing.getClass().getSimpleName();
    }

    private static List<String> text(Topic topic) {
        return topic.outgoing.stream()
                .map(each -> each instanceof Outgoing.DeadLetter(byte[] raw, String reason, long n)
                        ? "dead letter %d of %d bytes: %s".formatted(n, raw.length, reason)
                        : each.toString())
                .toList();
    }
}
