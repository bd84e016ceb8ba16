package dev.murmuration.crawler.feed.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Delivery.AuthorDeleted;
import dev.murmuration.crawler.feed.Delivery.Declared;
import dev.murmuration.crawler.feed.Delivery.Deleted;
import dev.murmuration.crawler.feed.Delivery.Gap;
import dev.murmuration.crawler.feed.Delivery.Malformed;
import dev.murmuration.crawler.feed.Delivery.Posted;
import dev.murmuration.crawler.feed.HandClock;
import dev.murmuration.crawler.feed.Pause;
import dev.murmuration.crawler.feed.PositionException;
import dev.murmuration.crawler.feed.Post;
import dev.murmuration.crawler.feed.Preference;
import dev.murmuration.crawler.photo.Fetched;
import dev.murmuration.crawler.photo.PhotoSource;
import dev.murmuration.crawler.photo.Refusal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a local Jetstream. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BlueskyFeedTest {

    private static final Path PAYLOADS = Path.of(
            System.getProperty("murmuration.root", "../.."), "../shared/data/payloads/bluesky/jetstream_v1.jsonl");
    private static final PhotoSource WEB = (url, room) -> Fetched.refused(Refusal.Reason.MISSING, url);
    private static final long T = Instant.parse("2026-07-01T11:59:00Z").toEpochMilli() * 1000;
    private static final LiveLimits LIMITS = new LiveLimits(Duration.ofSeconds(10), Duration.ofSeconds(30), 20_000);

    private final HandClock clock = new HandClock();
    private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
    private final List<String> odd = Collections.synchronizedList(new ArrayList<>());
    private final List<JetstreamServer> servers = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (JetstreamServer server : servers) {
            server.close();
        }
    }

    @Test
    void readsAPostWithItsPhotos() throws Exception {
        String event = post(T, "a", """
                , "langs": ["en-GB", "fr"], "embed": {"$type": "app.bsky.embed.images", "images": [
                  {"image": {"ref": {"$link": "bafkreib"}}}, {"image": {"ref": {"$link": "../x"}}}]}""");

        List<Delivery> all = read(serve(event), "", 1);

        Post post = ((Posted) all.getFirst()).post();
        assertThat(post)
                .isEqualTo(new Post(
                        "at://did:plc:abc/app.bsky.feed.post/a",
                        "did:plc:abc",
                        "en",
                        "héllo",
                        Instant.parse("2026-07-01T11:58:00Z"),
                        Instant.parse("2026-07-01T11:59:00Z"),
                        Optional.empty(),
                        List.of("https://cdn.test/did:plc:abc/bafkreib.jpg", "")));
    }

    @Test
    void readsWhetherItsAuthorLabelledAPost() throws Exception {
        JetstreamServer server = serve(
                post(T, "a", ", \"labels\": {\"values\": [{\"val\": \"!no-unauthenticated\"}]}"),
                post(T + 1, "b", ", \"labels\": {\"values\": []}"),
                post(T + 2, "c", ", \"labels\": 7"));

        assertThat(read(server, "", 3))
                .extracting(delivery -> ((Posted) delivery).post().preferences())
                .containsExactly(Set.of(Preference.LABELS), Set.of(), Set.of());
    }

    /** The records as in proposal 0008 of Bluesky, deletion included. */
    @Test
    void readsWhatAnAccountDeclaresAboutTheUseOfItsData() throws Exception {
        String collection = "org.user-intents.declaration";
        JetstreamServer server = serve(
                commit(T, "1", "create", collection, "self", """
                        , "record": {"$type": "org.user-intents.declaration", "updatedAt": "2025-02-20T21:37:20.362Z",
                          "publicAccessArchive": {"allow": false, "updatedAt": "2025-02-20T21:37:20.362Z"},
                          "syntheticContentGeneration": {"allow": false, "updatedAt": "2025-02-20T21:37:20.362Z"},
                          "protocolBridging": {"updatedAt": "2019-02-20T22:44:20.000Z"}}"""),
                commit(T + 1, "2", "update", collection, "self", """
                        , "record": {"bulkDataset": {"allow": false}, "syntheticContentGeneration": {"allow": true}}"""),
                commit(T + 2, "3", "delete", collection, "self", ""));

        assertThat(read(server, "", 3))
                .extracting(delivery -> ((Declared) delivery).preferences())
                .containsExactly(
                        Set.of(Preference.SYNTHETIC_CONTENT_GENERATION), Set.of(Preference.BULK_DATASET), Set.of());
    }

    @Test
    void repliesAndQuotesAreReferences() throws Exception {
        JetstreamServer server = serve(
                post(T, "a", ", \"reply\": {\"parent\": {}}"),
                post(T + 1, "b", ", \"embed\": {\"$type\": \"app.bsky.embed.record\"}"),
                post(T + 2, "c", ", \"embed\": {\"$type\": \"app.bsky.embed.recordWithMedia\"}"),
                post(T + 3, "d", ", \"embed\": {\"$type\": \"app.bsky.embed.external\"}"));

        assertThat(read(server, "", 4))
                .extracting(delivery -> ((Posted) delivery).post().reference().orElse(""))
                .containsExactly("replied_to", "quoted", "quoted", "");
    }

    @Test
    void readsDeletionsOfPostsAndOfAccountsThatAreNotThereAnyMore() throws Exception {
        JetstreamServer server = serve(
                commit(T, "1", "delete", "app.bsky.feed.post", "a", ""),
                commit(T + 1, "2", "delete", "app.bsky.feed.like", "a", ""),
                account(T + 2, 7, true),
                account(T + 3, 8, false),
                "{\"did\": \"did:plc:abc\", \"time_us\": %d, \"kind\": \"identity\", \"identity\": {\"seq\": 9}}"
                        .formatted(T + 4),
                post(T + 5, "b", ""));

        List<Delivery> all = read(server, "", 3);

        assertThat(((Deleted) all.get(0)).id()).isEqualTo("at://did:plc:abc/app.bsky.feed.post/a");
        assertThat(((AuthorDeleted) all.get(1)).authorId()).isEqualTo("did:plc:abc");
        assertThat(all.get(2)).isInstanceOf(Posted.class);
    }

    @Test
    void anAuthorsClockIsNotBelievedBeyondTheServers() throws Exception {
        String future = post(T, "a", "").replace("2026-07-01T11:58:00Z", "2999-01-01T00:00:00Z");
        String nonsense = post(T + 1_000, "b", "").replace("2026-07-01T11:58:00Z", "yesterday");

        assertThat(read(serve(future, nonsense), "", 2))
                .extracting(delivery -> ((Posted) delivery).post().createdAt())
                .containsExactly(Instant.ofEpochMilli(T / 1000), Instant.ofEpochMilli(T / 1000 + 1));
    }

    @Test
    void readsThePhotosOfAGalleryAndCountsWhatItDoesNotKnow() throws Exception {
        JetstreamServer server = serve(
                post(T, "a", """
                , "embed": {"$type": "app.bsky.embed.gallery", "items": [
                  {"$type": "app.bsky.embed.gallery#image", "image": {"ref": {"$link": "bafkreib"}}}, {"image": {"ref": {"$link": "bafkreic"}}},
                  {"$type": "app.bsky.embed.gallery#hologram", "image": {"ref": {"$link": "bafkreid"}}}]}"""),
                post(T + 1, "b", ", \"embed\": {\"$type\": \"app.bsky.embed.hologram\"}"),
                post(T + 2, "c", ", \"embed\": {\"$type\": \"app.bsky.embed.external\"}"));

        List<Delivery> all = read(server, "", 3);

        assertThat(all)
                .extracting(delivery -> ((Posted) delivery).post().photos())
                .containsExactly(
                        List.of(
                                "https://cdn.test/did:plc:abc/bafkreib.jpg",
                                "https://cdn.test/did:plc:abc/bafkreic.jpg"),
                        List.of(),
                        List.of());
        assertThat(odd)
                .containsExactly(
                        "unknown-embed app.bsky.embed.gallery#hologram", "unknown-embed app.bsky.embed.hologram");
    }

    @Test
    void framesThatAreNotAboutPostsArePassedOver() throws Exception {
        JetstreamServer server = serve(
                "{\"did\": \"did:plc:abc\", \"time_us\": %d, \"kind\": \"sync\", \"sync\": {\"seq\": 1}}".formatted(T),
                "{\"time_us\": %d, \"kind\": \"info\", \"info\": {\"name\": \"News\"}}".formatted(T),
                "{\"time_us\": %d, \"kind\": \"cursor\"}".formatted(T),
                "{\"kind\": \"#rumour\"}",
                post(T, "a", ""));

        assertThat(read(server, "", 1)).allMatch(Posted.class::isInstance);
        assertThat(odd)
                .containsExactly("passed-over sync", "passed-over info", "passed-over cursor", "passed-over #rumour");
    }

    @Test
    void aServerThatSaysThatTheCursorIsOutdatedLeavesAGapUpToItsFirstEvent() throws Exception {
        JetstreamServer server = serve(
                "{\"kind\": \"info\", \"info\": {\"name\": \"OutdatedCursor\"}}",
                post(T, "a", ""),
                post(T + 1, "b", ""));
        Instant left = Instant.ofEpochMilli(T / 1000).minus(Duration.ofHours(2));

        List<Delivery> all = read(server, left.toEpochMilli() * 1000 + ":", 3);

        assertThat(((Gap) all.get(0)).from()).isEqualTo(left);
        assertThat(((Gap) all.get(0)).to()).isEqualTo(Instant.ofEpochMilli(T / 1000));
        assertThat(LiveTest.ids(all.subList(1, 3))).hasSize(2);
    }

    @Test
    void whatAServerSendsFromBeforeTheCursorIsDroppedAndCounted() throws Exception {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            events.add(post(T - 3_600_000_000L + i * 12_000_000L, "p" + i, ""));
        }
        String position =
                read(serve(events.toArray(String[]::new)), "", 300).getLast().position();
        // The server does not find the times written so, and sends everything.
        List<String> again = new ArrayList<>(events);
        again.replaceAll(event -> event.replace("\"time_us\":", "\"time_us\" :"));
        again.add(post(T, "new", ""));

        List<Delivery> all = read(serve(again.toArray(String[]::new)), position, 1);

        assertThat(LiveTest.ids(all)).containsExactly("at://did:plc:abc/app.bsky.feed.post/new");
        // The last one is known by its commit.
        assertThat(odd).hasSize(299).containsOnly("sent-again ");
    }

    @Test
    void aTimeThatCannotBeMovesNoCursor() throws Exception {
        long nowMicros = clock.instant().toEpochMilli() * 1000;
        JetstreamServer server = serve(
                post(T, "a", ""),
                post(Long.MAX_VALUE, "b", ""),
                post(nowMicros + Duration.ofDays(30).toMillis() * 1000, "c", ""),
                post(1, "d", ""),
                post(T + 1, "e", ""),
                post(nowMicros + 60_000_000, "f", ""));

        List<Delivery> all = read(server, "", 6);

        assertThat(all)
                .extracting(delivery -> Long.parseLong(delivery.position().split(":", 2)[0]))
                .containsExactly(T, T, T, T, T + 1, nowMicros);
        assertThat(all)
                .extracting(delivery -> ((Posted) delivery).post().arrivedAt())
                .containsExactly(
                        Instant.ofEpochMilli(T / 1000),
                        clock.instant(),
                        clock.instant(),
                        clock.instant(),
                        Instant.ofEpochMilli(T / 1000).plusNanos(1_000),
                        clock.instant());
        assertThat(odd).containsExactly("implausible-time ", "implausible-time ", "implausible-time ");
        assertThat(read(serve(post(T + 2, "g", "")), all.get(3).position(), 1)).hasSize(1);
    }

    @Test
    void goesOnAfterAPositionThatATimeOnceMovedToTheEndOfTime() throws Exception {
        JetstreamServer server = serve(post(T, "a", ""), post(clock.instant().toEpochMilli() * 1000, "b", ""));

        assertThat(LiveTest.ids(read(server, Long.MAX_VALUE + ":AAAAAAAA", 1)))
                .containsExactly("at://did:plc:abc/app.bsky.feed.post/b");
    }

    @Test
    void aTimeFromBeforeTheNetworksIsNotBelieved() throws Exception {
        String ancient = post(T, "a", "").replace("2026-07-01T11:58:00Z", "-999999999-01-01T00:00:00Z");
        String old = post(T + 1_000, "b", "").replace("2026-07-01T11:58:00Z", "2006-01-01T00:00:00Z");

        assertThat(read(serve(ancient, old), "", 2))
                .extracting(delivery -> ((Posted) delivery).post().createdAt())
                .containsExactly(Instant.ofEpochMilli(T / 1000), Instant.parse("2006-01-01T00:00:00Z"));
        assertThat(odd).containsExactly("implausible-time ");
    }

    @Test
    void goesOnExactlyAfterAnyPositionAlthoughEventsAreOnlyNearlyInOrder() throws Exception {
        List<String> events = List.of(
                post(T, "a", ""),
                post(T + 9_000, "b", ""),
                post(T + 2_000, "c", ""),
                post(T + 9_000, "d", ""),
                "{\"did\": \"did:plc:abc\", \"time_us\": %d, \"kind\": \"\"}".formatted(T + 8_000),
                commit(T + 9_000, "x", "delete", "app.bsky.feed.post", "a", ""),
                post(T + 30_000, "e", ""),
                post(T + 29_999, "f", ""));
        JetstreamServer server = serve(events.toArray(String[]::new));
        List<Delivery> all = read(server, "", events.size());

        for (int i = 0; i < all.size() - 1; i++) {
            List<Delivery> rest = read(server, all.get(i).position(), all.size() - 1 - i);
            assertThat(rest)
                    .as("after " + i)
                    .usingRecursiveComparison()
                    .ignoringFieldsMatchingRegexes(".*position")
                    .isEqualTo(all.subList(i + 1, all.size()));
        }
    }

    @Test
    void aBrokenConnectionIsTakenUpWithoutLossOrRepetition() throws Exception {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            events.add(post(T + i * 4_000L, "p" + i, ""));
        }
        JetstreamServer server = serve(events.toArray(String[]::new));
        server.hangUpAfter(11, 9);
        List<Delivery> read = new ArrayList<>();
        List<Integer> readBeforeBreaks = new ArrayList<>();
        // Where the JDK does not tell that a connection ended, its silence does.
        LiveLimits limits = new LiveLimits(LIMITS.connectTimeout(), Duration.ofSeconds(2), LIMITS.maxMessageBytes());
        try (Deliveries deliveries = feed(server, limits, Optional.empty(), pause -> readBeforeBreaks.add(read.size()))
                .after("")) {
            while (read.size() < 60) {
                deliveries.next().ifPresent(read::add);
            }
        }

        assertThat(read)
                .extracting(delivery -> ((Posted) delivery).post().id())
                .doesNotHaveDuplicates()
                .last()
                .isEqualTo("at://did:plc:abc/app.bsky.feed.post/p59");
        assertThat(server.requests()).hasSizeGreaterThan(5);
        assertThat(server.requests().getFirst())
                .contains("wantedCollections=app.bsky.feed.post&wantedCollections=org.user-intents.declaration"
                        + "&maxMessageSizeBytes=20000 ");
        // The JDK drops the last message when a connection breaks behind it; then it comes again.
        assertThat(readBeforeBreaks.getFirst()).isBetween(10, 11);
        long newest = T + (readBeforeBreaks.getFirst() - 1) * 4_000L;
        assertThat(server.requests().get(1)).contains("&cursor=" + (newest - 20_000));
    }

    @Test
    void waitsForAServerThatIsBusyAndEndsAtOneThatIsNoJetstream() throws Exception {
        JetstreamServer server = serve(post(T, "a", ""));
        server.refuse(429);
        try (Deliveries deliveries = feed(server, LIMITS, Optional.empty(), pause -> {
                    pauses.add(pause);
                    server.refuse(404);
                })
                .after("")) {
            assertThatThrownBy(deliveries::next).isInstanceOf(IOException.class).hasMessageContaining("status 404");
        }
        assertThat(pauses).containsExactly(Duration.ofMinutes(1));
    }

    @Test
    void aServerThatAnswersNoPingIsDead() throws Exception {
        JetstreamServer server = serve(post(T, "a", ""));
        server.answerNoPings();
        LiveLimits impatient = new LiveLimits(Duration.ofSeconds(10), Duration.ofMillis(300), 20_000);
        try (Deliveries deliveries = feed(server, impatient, Optional.empty(), pause -> {
                    pauses.add(pause);
                    throw new InterruptedException("seen");
                })
                .after("")) {
            assertThat(deliveries.next()).isPresent();
            assertThatThrownBy(deliveries::next).isInstanceOf(InterruptedException.class);
        }
        assertThat(pauses).containsExactly(Duration.ZERO);
    }

    @Test
    void nonsenseIsMalformedAndTheNextIsRead() throws Exception {
        JetstreamServer server =
                serve("{\"did\":", post(T, "a", ", \"x\": \"" + "x".repeat(30_000) + "\""), "[]", post(T + 1, "b", ""));
        server.fragment(700);

        List<Delivery> all = read(server, "", 4);

        assertThat(all.subList(0, 3)).allMatch(Malformed.class::isInstance);
        assertThat(((Malformed) all.get(1)).raw()).hasSize(20_000);
        assertThat(all.get(3)).isInstanceOf(Posted.class);
    }

    @Test
    void readsWhatIsCompressedWithADictionary() throws Exception {
        byte[] dictionary = post(T, "dictionary", "").repeat(3).getBytes(UTF_8);
        JetstreamServer server = serve(post(T, "a", ""), post(T + 1, "b", ""));
        server.compress(dictionary);
        try (Deliveries deliveries =
                feed(server, LIMITS, Optional.of(dictionary), pauses::add).after("")) {
            assertThat(LiveTest.ids(LiveTest.take(deliveries, 2)))
                    .containsExactly("at://did:plc:abc/app.bsky.feed.post/a", "at://did:plc:abc/app.bsky.feed.post/b");
        }
        assertThat(server.requests().getFirst()).contains("&compress=true");
    }

    @Test
    void aCursorThatTheServerDoesNotReachBackToIsAGap() throws Exception {
        JetstreamServer server = serve(post(T, "a", ""));
        Instant old = clock.instant().minus(Duration.ofHours(30));
        String position = old.toEpochMilli() * 1000 + ":";

        List<Delivery> all = read(server, position, 2);

        assertThat(((Gap) all.get(0)).from()).isEqualTo(old);
        assertThat(((Gap) all.get(0)).to()).isEqualTo(clock.instant().minus(Duration.ofHours(24)));
        assertThat(all.get(1)).isInstanceOf(Posted.class);
        assertThat(read(server, all.get(0).position(), 1).getFirst()).isInstanceOf(Posted.class);
    }

    @Test
    void refusesThePositionOfAnotherFeed() throws Exception {
        JetstreamServer server = serve();

        assertThatThrownBy(() -> read(server, "42", 1)).isInstanceOf(PositionException.class);
    }

    @Test
    void readsRealEvents() throws Exception {
        assumeTrue(Files.isRegularFile(PAYLOADS), "Bluesky's payloads are not here");
        List<String> events = Files.readAllLines(PAYLOADS);
        clock.pass(Duration.ofDays(3));

        // 17 posts and the deletion of one among 152 events.
        List<Delivery> all = read(serve(events.toArray(String[]::new)), "", 18);

        assertThat(all).filteredOn(Deleted.class::isInstance).hasSize(1);
        List<Post> posts = all.stream()
                .filter(Posted.class::isInstance)
                .map(delivery -> ((Posted) delivery).post())
                .toList();
        assertThat(posts).hasSize(17);
        assertThat(posts).filteredOn(post -> post.reference().isPresent()).hasSize(8);
        assertThat(posts).filteredOn(post -> post.lang().equals("en")).hasSize(8);
        assertThat(posts.stream().flatMap(post -> post.photos().stream()))
                .containsExactly(
                        "https://cdn.test/did:plc:6aw7u7xjbaiznddugigmdhvc/bafkreicwsq23gkygrgpijv7ocssxdyjokfv3quss3f2dg4csds3jpeqkwe.jpg",
                        "https://cdn.test/did:plc:ynfp6wddjqpl44gordpsqkuw/bafkreidrnwt23f7wy7fyfex5acdkxh62wsgpg245ame4c4rogfwb3upyaa.jpg");
    }

    private JetstreamServer serve(String... events) throws IOException {
        JetstreamServer server = new JetstreamServer(List.of(events));
        servers.add(server);
        return server;
    }

    private List<Delivery> read(JetstreamServer server, String position, int count) throws Exception {
        try (Deliveries deliveries =
                feed(server, LIMITS, Optional.empty(), pauses::add).after(position)) {
            return LiveTest.take(deliveries, count);
        }
    }

    private BlueskyFeed feed(JetstreamServer server, LiveLimits limits, Optional<byte[]> dictionary, Pause pause) {
        return new BlueskyFeed(
                new BlueskyFeed.Settings(
                        URI.create(server.url()),
                        "https://cdn.test/{did}/{cid}.jpg",
                        Duration.ofMillis(20),
                        Duration.ofHours(24),
                        dictionary),
                limits,
                WEB,
                clock.times((kind, detail) -> odd.add(kind.wireName() + " " + detail)),
                pause);
    }

    private static String post(long micros, String key, String more) {
        return commit(micros, key, "create", "app.bsky.feed.post", key, """
                , "record": {"text": "héllo", "createdAt": "2026-07-01T11:58:00Z"%s}""".formatted(more));
    }

    private static String commit(
            long micros, String rev, String operation, String collection, String key, String more) {
        return ("{\"did\": \"did:plc:abc\", \"time_us\": %d, \"kind\": \"commit\", \"commit\": {\"rev\": \"%s\","
                        + " \"operation\": \"%s\", \"collection\": \"%s\", \"rkey\": \"%s\"%s}}")
                .formatted(micros, rev, operation, collection, key, more);
    }

    private static String account(long micros, int seq, boolean active) {
        return ("{\"did\": \"did:plc:abc\", \"time_us\": %d, \"kind\": \"account\","
                        + " \"account\": {\"active\": %s, \"seq\": %d}}")
                .formatted(micros, active, seq);
    }
}
