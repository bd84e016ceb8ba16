package dev.murmuration.crawler.feed.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Delivery.Gap;
import dev.murmuration.crawler.feed.Delivery.Malformed;
import dev.murmuration.crawler.feed.Delivery.Posted;
import dev.murmuration.crawler.feed.PositionException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XFeedTest extends LiveTest {

    private static final Path PAYLOADS =
            Path.of(System.getProperty("murmuration.root", "../.."), "../shared/data/payloads/x");

    @Test
    void asksForTheStreamWithItsTokenAndTheFieldsThatAreNeeded() throws Exception {
        stream(post("1"));

        try (Deliveries deliveries = open("")) {
            take(deliveries, 1);
        }

        assertThat(server.requests().getFirst())
                .startsWith(
                        "GET /2/tweets/sample/stream?tweet.fields=attachments%2Cauthor_id%2Ccreated_at%2C"
                                + "lang%2Cnote_tweet%2Creferenced_tweets&expansions=attachments.media_keys&media.fields=type%2Curl HTTP/1.1\n")
                .contains("Authorization: Bearer secret")
                .doesNotContain("backfill");
    }

    @Test
    void readsPostsBetweenSignsOfLifeAndGoesOnBehindNonsense() throws Exception {
        stream(
                "\r\n",
                post("1"),
                "\r\n\r\n",
                "{\"data\": nonsense\r\n",
                "{\"da",
                "ta\"" + post("2").substring(7));

        try (Deliveries deliveries = open("")) {
            List<Delivery> all = take(deliveries, 3);
            assertThat(all.get(0)).isInstanceOf(Posted.class);
            assertThat(all.get(1)).isInstanceOf(Malformed.class);
            assertThat(ids(all.subList(2, 3))).containsExactly("2");
        }
    }

    @Test
    void readsWhatIsCompressedOnTheWay() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(post("1").getBytes(UTF_8));
        }
        answer(out -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".getBytes(UTF_8));
            bytes.writeTo(out);
        });

        try (Deliveries deliveries = open("")) {
            assertThat(ids(take(deliveries, 1))).containsExactly("1");
        }
    }

    @Test
    void halfALineAtTheEndOfAConnectionIsNoLine() throws Exception {
        stream(post("1"), post("2").substring(0, 40));
        stream(post("2"));

        try (Deliveries deliveries = open("")) {
            List<Delivery> all = take(deliveries, 3);
            assertThat(all.get(1)).isInstanceOf(Gap.class);
            assertThat(ids(List.of(all.get(0), all.get(2)))).containsExactly("1", "2");
        }
        assertThat(pauses).containsExactly(Duration.ZERO);
    }

    @Test
    void aLineThatIsTooLongIsMalformedAndTheNextIsRead() throws Exception {
        stream("{\"data\": \"" + "x".repeat(30_000) + "\"}\r\n", post("2"));

        try (Deliveries deliveries = open("")) {
            List<Delivery> all = take(deliveries, 2);
            assertThat(((Malformed) all.get(0)).raw()).hasSize(LIMITS.maxMessageBytes());
            assertThat(all.get(1)).isInstanceOf(Posted.class);
        }
    }

    @Test
    void aSilentConnectionIsDead() throws Exception {
        streamThatStalls(post("1"));
        stream(post("2"));

        try (Deliveries deliveries = feed(XFeed.Stream.SAMPLED, 0, IMPATIENT).after("")) {
            assertThat(ids(take(deliveries, 1))).containsExactly("1");
            assertThat(take(deliveries, 2).get(1)).isInstanceOf(Posted.class);
        }
    }

    @Test
    void whatXSaysWhenItHangsUpIsNoDeadLetter() throws Exception {
        stream(post("1"), "{\"errors\": [{\"title\": \"operational-disconnect\"}]}\r\n");
        stream(post("2"));

        try (Deliveries deliveries = open("")) {
            List<Delivery> all = take(deliveries, 3);
            assertThat(all).noneMatch(Malformed.class::isInstance);
        }
    }

    @Test
    void waitsAsXAsksForItAfterErrorsAndRateLimits() throws Exception {
        status(503);
        status(500);
        status(429);
        status(429);
        answer(out -> {});
        answer(out -> {});
        stream(post("1"));

        try (Deliveries deliveries = open("")) {
            take(deliveries, 1);
        }

        assertThat(pauses)
                .containsExactly(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(2),
                        Duration.ofMillis(250),
                        Duration.ofMillis(500));
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 403, 404})
    void whatAskingAgainCannotHelpEndsTheFeed(int status) throws Exception {
        status(status);

        try (Deliveries deliveries = open("")) {
            assertThatThrownBy(deliveries::next)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("status " + status);
        }
        assertThat(pauses).isEmpty();
    }

    @Test
    void whatWasMissedIsAGapFromTheLastSignOfLifeOn() throws Exception {
        stream(post("1"), "\r\n");
        Instant before = clock.instant();
        stream(post("2"));

        try (Deliveries deliveries = open("")) {
            take(deliveries, 1);
            List<Delivery> rest = takeWhileTimePasses(deliveries, Duration.ofMinutes(3), 2);
            assertThat(rest.get(0))
                    .isEqualTo(new Gap(
                            before, before.plus(Duration.ofMinutes(3)), millis(before.plus(Duration.ofMinutes(3)))));
            assertThat(ids(rest.subList(1, 2))).containsExactly("2");
        }
    }

    @Test
    void aPostThatIsReadLateWasHeardUpToItsOwnTime() throws Exception {
        Instant connected = clock.instant();
        stream(
                post("1"),
                post("2", connected.plusSeconds(40)),
                post("3", connected.plusSeconds(20)),
                post("4", connected.plusSeconds(9_000)));

        try (Deliveries deliveries = open("")) {
            // Before the connection stood: no reason to go back.
            assertThat(take(deliveries, 1).getFirst().position()).isEqualTo(millis(connected));
            clock.pass(Duration.ofMinutes(1));
            List<Delivery> late = take(deliveries, 3);
            assertThat(late)
                    .extracting(Delivery::position)
                    .containsExactly(
                            millis(connected.plusSeconds(40)),
                            millis(connected.plusSeconds(40)),
                            millis(connected.plusSeconds(60)));
        }
    }

    @Test
    void whatIsSentAgainIsNoGapAndNoMoreOfItIsAskedFor() throws Exception {
        stream(post("1"));
        stream(post("1"), post("2"));

        try (Deliveries deliveries = feed(XFeed.Stream.FILTERED, 5, LIMITS).after("")) {
            take(deliveries, 1);
            assertThat(ids(takeWhileTimePasses(deliveries, Duration.ofSeconds(61), 2)))
                    .containsExactly("1", "2");
        }
        assertThat(server.requests().get(0))
                .contains("/2/tweets/search/stream?")
                .doesNotContain("backfill");
        assertThat(server.requests().get(1)).contains("&backfill_minutes=2 ");
    }

    @Test
    void whatIsOlderThanXSendsAgainIsAGap() throws Exception {
        stream(post("1"));
        Instant left = clock.instant();
        clock.pass(Duration.ofMinutes(20));

        try (Deliveries deliveries = feed(XFeed.Stream.SAMPLED, 5, LIMITS).after(millis(left))) {
            assertThat(take(deliveries, 1))
                    .containsExactly(new Gap(
                            left, left.plus(Duration.ofMinutes(15)), millis(left.plus(Duration.ofMinutes(20)))));
        }
        assertThat(server.requests().getFirst()).contains("&backfill_minutes=5 ");
    }

    @Test
    void refusesThePositionOfAnotherFeed() {
        assertThatThrownBy(() -> open("0123456789abcdef:1:2")).isInstanceOf(PositionException.class);
    }

    @Test
    void aReaderThatWaitsIsEndedByClosing() throws Exception {
        streamThatStalls(post("1"));
        Deliveries deliveries = open("");
        take(deliveries, 1);
        Thread closer = Thread.startVirtualThread(() -> {
            try {
                deliveries.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });

        assertThatThrownBy(() -> take(deliveries, 1)).isInstanceOf(IOException.class);
        closer.join();
    }

    @Test
    void readsXsOwnExamples() throws Exception {
        assumeTrue(Files.isDirectory(PAYLOADS), "X's payloads are not here");
        String recorded = Files.readString(PAYLOADS.resolve("multiple_tweet_stream_example_part1.data"));
        stream(recorded);

        try (Deliveries deliveries = open("")) {
            List<Delivery> all = take(deliveries, 2);
            assertThat(ids(all).getFirst()).isEqualTo("1359610003892670465");
            assertThat(((Posted) all.getFirst()).post().reference()).contains("quoted");
        }
    }

    private List<Delivery> takeWhileTimePasses(Deliveries deliveries, Duration time, int count) throws Exception {
        timeThatPassesBetweenConnections = time;
        return take(deliveries, count);
    }

    private volatile Duration timeThatPassesBetweenConnections = Duration.ZERO;

    private Deliveries open(String position) {
        return feed(XFeed.Stream.SAMPLED, 0, LIMITS).after(position);
    }

    private XFeed feed(XFeed.Stream stream, int backfillMinutes, LiveLimits limits) {
        return new XFeed(url(), stream, "secret", backfillMinutes, limits, WEB, clock.times(), pause -> {
            pauses.add(pause);
            clock.pass(timeThatPassesBetweenConnections);
            // Some time always passes.
            clock.pass(timeThatPassesBetweenConnections.isZero() ? Duration.ofMillis(1) : Duration.ZERO);
        });
    }

    private static String millis(Instant time) {
        return Long.toString(time.toEpochMilli());
    }

    private static String post(String id) {
        return post(id, Instant.parse("2026-07-01T11:00:07Z"));
    }

    private static String post(String id, Instant at) {
        return "{\"data\": {\"id\": \"%s\", \"text\": \"héllo\", \"created_at\": \"%s\"}}\r\n".formatted(id, at);
    }
}
