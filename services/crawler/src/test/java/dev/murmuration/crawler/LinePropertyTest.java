package dev.murmuration.crawler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.crawler.examine.Admission;
import dev.murmuration.crawler.examine.ByteBudget;
import dev.murmuration.crawler.examine.Declarations;
import dev.murmuration.crawler.examine.Examination;
import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Feed;
import dev.murmuration.crawler.feed.Oddities;
import dev.murmuration.crawler.feed.PlausibleTimes;
import dev.murmuration.crawler.feed.live.OfflineFeed;
import dev.murmuration.crawler.feed.recorded.RecordedFeed;
import dev.murmuration.crawler.photo.Fetched;
import dev.murmuration.crawler.photo.Inspection;
import dev.murmuration.crawler.photo.InspectionLimits;
import dev.murmuration.crawler.photo.PhotoSource;
import dev.murmuration.crawler.photo.Refusal;
import dev.murmuration.fuzz.OddPosts;
import dev.murmuration.fuzz.OddPosts.Network;
import dev.murmuration.schemas.AuthorHash;
import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Tweet;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever lines a feed gives, the crawl reaches their end: each record is counted once, each photo of a post that is admitted is
 * in its tweet or refused, everything that is refused has a reason, and everything that goes out can be encoded, decoded and
 * sent. {@code -Dlines=20000} for a long run, {@code -Dlines.seed} for another.
 */
class LinePropertyTest {

    private static final int LINES = Integer.getInteger("lines", 1_500);
    private static final long SEED = Long.getLong("lines.seed", 1);
    private static final int MAX_PHOTOS = 20;
    private static final EventLimit LIMIT = new EventLimit(60_000);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-30T00:00:00Z"), ZoneOffset.UTC);
    private static final Instant EARLIEST = Instant.parse("2006-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2026-11-30T00:05:00Z");
    private static final List<String> PHOTOS = List.of(
            "good.png",
            "good.png",
            "good.png",
            "http://a.test/good.png",
            "gone.png",
            "broken.png",
            "../secret.png",
            "link.png",
            "http://a.test/bug.png");
    private static final String GOOD = Sha256.hex(png(64));
    private static final Set<String> REASONS = Set.of(
            "not-english",
            "referenced",
            "too-few-words",
            "no-photo",
            "too-many-photos",
            "image-blocked",
            "image-missing",
            "image-unsupported",
            "image-corrupt",
            "event-too-large");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(Network.class)
    void aLiveFeedIsCrawledWhateverItSends(Network network) throws Exception {
        List<byte[]> messages = OddPosts.of(network, SEED, LINES, PHOTOS).stream()
                .flatMap(List::stream)
                .toList();
        PlausibleTimes times = new PlausibleTimes(CLOCK, Duration.ofMinutes(5), Oddities.ignored());
        OfflineFeed feed =
                switch (network) {
                    case X -> OfflineFeed.x(messages, times, photos());
                    case BLUESKY -> OfflineFeed.bluesky(messages, times, photos());
                    case MASTODON -> OfflineFeed.mastodon(messages, times, photos());
                };

        Sent sent = crawled(feed);

        holds(sent);
        assertThat(sent.cursor.getAdmitted()).isGreaterThan(LINES / 4);
        assertThat(feed.takes(sent.cursor.getPosition())).isTrue();
        // Of which kind the units are, a position tells by its digits.
        assertThat(sent.cursor.getPosition().split(":", 2)[0])
                .isLessThanOrEqualTo(Long.toString(CLOCK.millis()) + (network == Network.BLUESKY ? "000" : ""));
    }

    @Test
    void aRecordingIsCrawledWhateverItHoldsAndTwiceTheSame() throws Exception {
        Path recording = Files.createDirectory(folder.resolve("recording"));
        Path file = recording.resolve("tweets.jsonl");
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (List<byte[]> line : OddPosts.of(Network.X, SEED, LINES, PHOTOS)) {
            lines.writeBytes(line.getFirst());
            lines.write('\n');
        }
        Files.write(file, lines.toByteArray());
        Files.write(recording.resolve("good.png"), png(64));
        Files.writeString(recording.resolve("broken.png"), "broken");
        Path secret = Files.write(folder.resolve("secret.png"), png(65));
        Files.createSymbolicLink(recording.resolve("link.png"), secret);
        Feed feed = new RecordedFeed(
                file,
                new RecordedFeed.Settings(1 << 20, 1 << 20, false, 0, Duration.ZERO),
                new PlausibleTimes(CLOCK, Duration.ofMinutes(5), Oddities.ignored()),
                photos());

        Sent sent = crawled(feed);

        holds(sent);
        assertThat(crawled(feed).outgoing.stream().map(LinePropertyTest::text).toList())
                .isEqualTo(sent.outgoing.stream().map(LinePropertyTest::text).toList());
        try (Deliveries deliveries = feed.after(sent.cursor.getPosition())) {
            assertThat(deliveries.next()).isEmpty();
        }
    }

    private static void holds(Sent sent) throws IOException {
        Cursor cursor = sent.cursor;
        assertThat(cursor.getEnded()).isTrue();
        assertThat(cursor.getRecords())
                .isEqualTo(cursor.getAdmitted()
                        + cursor.getRejected()
                        + cursor.getDeletions()
                        + cursor.getDuplicates()
                        + cursor.getMalformed());
        assertThat(Cursor.fromByteBuffer(cursor.toByteBuffer())).isEqualTo(cursor);
        Set<String> photos = new HashSet<>();
        Set<String> rejectedWhole = new HashSet<>();
        Set<String> rejectedPhotos = new HashSet<>();
        Set<String> admitted = new HashSet<>();
        long deadLetters = 0;
        for (Outgoing each : sent.outgoing) {
            switch (each) {
                case Outgoing.Tweet(Tweet tweet) -> {
                    assertThat(tweet.toByteBuffer().remaining()).isLessThanOrEqualTo(LIMIT.maxBytes());
                    assertThat(List.of(tweet.getCreatedAt(), tweet.getArrivedAt()))
                            .allMatch(time -> !time.isBefore(EARLIEST) && !time.isAfter(LATEST));
                    assertThat(Tweet.fromByteBuffer(tweet.toByteBuffer())).isEqualTo(tweet);
                    assertThat(tweet.getImages()).hasSizeBetween(1, MAX_PHOTOS);
                    assertThat(admitted.add(tweet.getId())).isTrue();
                    assertThat(tweet.getImages())
                            .allMatch(image -> image.getSha256().equals(GOOD));
                    tweet.getImages()
                            .forEach(image -> assertThat(photos.add(tweet.getId() + " " + image.getIndex()))
                                    .isTrue());
                }
                case Outgoing.Rejection(Rejection rejection) -> {
                    assertThat(Rejection.fromByteBuffer(rejection.toByteBuffer()))
                            .isEqualTo(rejection);
                    assertThat(REASONS).contains(rejection.getReason());
                    if (rejection.getImageIndex() == null) {
                        assertThat(rejectedWhole.add(rejection.getTweetId())).isTrue();
                    } else {
                        rejectedPhotos.add(rejection.getTweetId());
                        assertThat(photos.add(rejection.getTweetId() + " " + rejection.getImageIndex()))
                                .isTrue();
                    }
                }
                case Outgoing.Declared declared ->
                    assertThat(declared.declaration().getAuthorHash()).isNotEmpty();
                case Outgoing.DeadLetter(byte[] raw, String reason, long n) -> {
                    // A fault that was contained would name its line: none of these lines may reach one.
                    assertThat(reason).isNotBlank().doesNotContain(".java:");
                    assertThat(raw.length).isLessThanOrEqualTo(LIMIT.maxBytes());
                    deadLetters++;
                }
                case Outgoing.Tombstone(String id) -> assertThat(admitted).contains(id);
                case Outgoing.End end -> {}
            }
        }
        rejectedPhotos.removeAll(admitted);
        assertThat(cursor.getPhotos()).isEqualTo(photos.size());
        assertThat(cursor.getAdmitted()).isEqualTo(admitted.size());
        assertThat(cursor.getRejected()).isEqualTo(rejectedWhole.size() + rejectedPhotos.size());
        assertThat(cursor.getMalformed()).isEqualTo(deadLetters);
    }

    // As it is compared: but for the bytes, which have no text.
    private static String text(Outgoing outgoing) {
        return outgoing instanceof Outgoing.DeadLetter(byte[] raw, String reason, long n)
                ? n + " " + raw.length + " " + reason
                : outgoing.toString();
    }

    /** What was committed. */
    private static final class Sent implements Outlet {
        final List<Outgoing> outgoing = new ArrayList<>();
        Cursor cursor = CrawlState.beginning("lines");

        @Override
        public void commit(List<Outgoing> more, Cursor now) {
            outgoing.addAll(more);
            cursor = now;
        }
    }

    private static Sent crawled(Feed feed) throws IOException, InterruptedException {
        Sent sent = new Sent();
        AuthorHash authors = new AuthorHash("salt");
        Examination examination = new Examination(
                feed.source(),
                new Admission(Set.of("en"), 5, Set.of()),
                new Declarations(10),
                MAX_PHOTOS,
                feed.photos(),
                new Inspection(new InspectionLimits(40_000_000, 32), 2),
                (key, photo) -> {},
                authors,
                new ByteBudget(64 << 20));
        // As many ids as there are lines: what comes twice is a duplicate however late.
        CrawlState ledger = new CrawlState(
                sent.cursor,
                feed.source(),
                authors,
                new Admission(Set.of("en"), 5, Set.of()),
                new Declarations(10),
                20_000,
                new SentTweets(LINES),
                LIMIT,
                CLOCK);
        new Crawl(
                        feed,
                        examination,
                        ledger,
                        sent,
                        2,
                        new Crawl.Limits(64, 50, Duration.ofSeconds(30)),
                        new StallDetector(CLOCK, Duration.ofMinutes(1)))
                .run();
        return sent;
    }

    private static PhotoSource photos() {
        byte[] good = png(64);
        return (url, room) -> {
            if (url.contains("good") || url.contains("bafkrei")) {
                return new Fetched.Body(good);
            }
            if (url.contains("bug")) {
                throw new IllegalStateException("a bug that only this photo meets");
            }
            return url.contains("broken")
                    ? new Fetched.Body("broken".getBytes(UTF_8))
                    : Fetched.refused(Refusal.Reason.MISSING, "gone");
        };
    }

    private static byte[] png(int width) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(width, 48, BufferedImage.TYPE_INT_RGB), "png", bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new AssertionError("memory can be written", e);
        }
    }
}
