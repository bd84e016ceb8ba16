package dev.murmuration.crawler.feed.live;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.HandClock;
import dev.murmuration.crawler.feed.PositionException;
import dev.murmuration.crawler.feed.Post;
import dev.murmuration.crawler.feed.XLine;
import dev.murmuration.crawler.feed.recorded.RecordedFeed;
import dev.murmuration.crawler.photo.Fetched;
import dev.murmuration.crawler.photo.PhotoSource;
import dev.murmuration.crawler.photo.Refusal;
import dev.murmuration.fuzz.Fuzzer;
import dev.murmuration.fuzz.OddPosts;
import dev.murmuration.fuzz.OddPosts.Network;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a network or a file holds, each message is a delivery within its bounds or malformed for a reason of ours, and each
 * position can be read again.
 */
class FeedFuzzTest {

    private static final PhotoSource WEB = (url, room) -> Fetched.refused(Refusal.Reason.MISSING, url);
    private static final String[] TOKENS = {
        "{\"a\":",
        "[",
        "\"",
        "\\ud83d",
        "\"9999-12-31T23:59:59Z\"",
        "null,",
        "\"id\":",
        "\"photo\"",
        "en-",
        "did:",
        "\n",
        "\u00c3"
    };

    private final HandClock clock = new HandClock();

    @TempDir
    private Path folder;

    @Test
    void linesOfXAndOfTheSimulator() {
        fuzzer("x", Network.X)
                .run(IllegalArgumentException.class, line -> check(XLine.parse(line, clock.times()::now, "p")));
    }

    @Test
    void messagesOfX() {
        fuzzer("x-messages", Network.X)
                // A line without a post may say that X ends the stream.
                .run(IOException.class, line -> live(line, messages -> OfflineFeed.x(messages, clock.times(), WEB)));
    }

    @Test
    void eventsOfBluesky() {
        fuzzer("bluesky", Network.BLUESKY)
                .run(
                        IllegalArgumentException.class,
                        line -> live(line, messages -> OfflineFeed.bluesky(messages, clock.times(), WEB)));
    }

    @Test
    void eventsOfMastodon() {
        fuzzer("mastodon", Network.MASTODON)
                .run(
                        IllegalArgumentException.class,
                        line -> live(line, messages -> OfflineFeed.mastodon(messages, clock.times(), WEB)));
    }

    @Test
    void recordings() {
        fuzzer("recording", Network.X).run(IllegalArgumentException.class, bytes -> recording("tweets.jsonl", bytes));
    }

    @Test
    void compressedRecordings() throws Exception {
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(gzip)) {
            for (byte[] line : lines(Network.X)) {
                out.write(line);
                out.write('\n');
            }
        }

        Fuzzer.of("gzip", List.of(gzip.toByteArray()))
                .run(IOException.class, bytes -> recording("tweets.jsonl.gz", bytes));
    }

    @Test
    void positions() {
        byte[] bluesky = "1782907140000000:AAAAAAAA".getBytes(UTF_8);
        byte[] recorded = "0123456789abcdef:17:1:1782907140000".getBytes(UTF_8);
        byte[] live = "1782907140000".getBytes(UTF_8);

        Fuzzer.of("position", List.of(bluesky, recorded, live))
                .tokens("9", ":", "-", "99999999999999999999")
                .run(PositionException.class, bytes -> {
                    String position = new String(bytes, UTF_8);
                    String own =
                            ReplayWindow.at(position, 5, Long.MAX_VALUE / 2).position();
                    assertThat(ReplayWindow.at(own, 5, Long.MAX_VALUE / 2).position())
                            .isEqualTo(own);
                });
        Fuzzer.of("presence", List.of(live)).tokens("9", "-").run(PositionException.class, bytes -> {
            String own = new ResumePoint("x", new String(bytes, UTF_8), clock).hear();
            assertThat(new ResumePoint("x", own, clock).hear()).isEqualTo(own);
        });
    }

    private void live(byte[] lines, Function<List<byte[]>, OfflineFeed> feed) throws Exception {
        OfflineFeed offline = feed.apply(new String(lines, ISO_8859_1)
                .lines()
                .map(line -> line.getBytes(ISO_8859_1))
                .toList());
        try (Deliveries deliveries = offline.after("")) {
            for (Optional<Delivery> next = deliveries.next(); next.isPresent(); next = deliveries.next()) {
                check(next.get());
                assertThat(offline.takes(next.get().position())).isTrue();
            }
        }
    }

    private void recording(String name, byte[] bytes) throws Exception {
        Path file = Files.write(folder.resolve(name), bytes);
        RecordedFeed feed = new RecordedFeed(file, RecordedFeed.Settings.plain(1 << 16, 1), clock.times(), WEB);
        String position = "";
        try (Deliveries deliveries = feed.after("")) {
            for (Optional<Delivery> next = deliveries.next(); next.isPresent(); next = deliveries.next()) {
                check(next.get());
                position = next.get().position();
            }
        }
        try (Deliveries none = feed.after(position)) {
            assertThat(none.next()).isEmpty();
        }
    }

    private void check(Delivery delivery) {
        assertThat(delivery.position()).isNotEmpty();
        switch (delivery) {
            case Delivery.Posted(Post post, var raw, String position) -> {
                assertThat(clock.times().includes(post.createdAt())).isTrue();
                assertThat(clock.times().includes(post.arrivedAt())).isTrue();
                assertThat(post.id()).hasSizeBetween(1, 600);
                assertThat(post.lang()).hasSizeLessThanOrEqualTo(16);
                assertThat(post.photos()).hasSizeLessThanOrEqualTo(10_000);
                wellFormed(post.id() + post.authorId() + post.lang() + post.text() + post.reference() + post.photos());
            }
            case Delivery.Deleted(String id, String position) -> assertThat(id).hasSizeBetween(1, 600);
            case Delivery.AuthorDeleted(String id, String position) ->
                assertThat(id).hasSizeBetween(1, 600);
            case Delivery.Declared(String id, var preferences, String position) ->
                assertThat(id).hasSizeBetween(1, 600);
            // A fault that was contained would name its line.
            case Delivery.Malformed(byte[] raw, String reason, String position) ->
                assertThat(reason).isNotBlank().doesNotContain(".java:");
            case Delivery.Gap gap -> assertThat(gap.to()).isAfterOrEqualTo(gap.from());
        }
    }

    private static void wellFormed(String text) {
        assertThat(UTF_8.newEncoder().canEncode(text)).isTrue();
    }

    private static Fuzzer fuzzer(String name, Network network) {
        return Fuzzer.of(name, lines(network)).tokens(TOKENS);
    }

    private static List<byte[]> lines(Network network) {
        return OddPosts.of(network, 1, 40, List.of("a.jpg", "http://a.test/b.jpg")).stream()
                .map(lines -> {
                    ByteArrayOutputStream whole = new ByteArrayOutputStream();
                    for (byte[] line : lines) {
                        whole.writeBytes(line);
                        whole.write('\n');
                    }
                    return whole.toByteArray();
                })
                .toList();
    }
}
