package dev.murmuration.crawler.feed.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Delivery.Deleted;
import dev.murmuration.crawler.feed.Delivery.Gap;
import dev.murmuration.crawler.feed.Delivery.Malformed;
import dev.murmuration.crawler.feed.Delivery.Posted;
import dev.murmuration.crawler.feed.Post;
import dev.murmuration.crawler.feed.Preference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MastodonFeedTest extends LiveTest {

    private static final Path PAYLOADS =
            Path.of(System.getProperty("murmuration.root", "../.."), "../shared/data/payloads/mastodon");

    @Test
    void asksForTheTimelineWithItsToken() throws Exception {
        stream(update(status("1", "")));

        try (Deliveries deliveries = feed(Optional.of("secret"), LIMITS).after("")) {
            take(deliveries, 1);
        }

        assertThat(server.requests().getFirst())
                .startsWith("GET /api/v1/streaming/public/local HTTP/1.1\n")
                .contains("Authorization: Bearer secret", "Accept: text/event-stream");
    }

    @Test
    void readsAStatusAsAPersonDoes() throws Exception {
        stream(":)\n:thump\n", update(status("1", """
                , "language": "en", "account": {"id": "9"}, "media_attachments": [{"type": "image", "url": "https://a/1.jpg"},
                {"type": "video", "url": "https://a/2.mp4"}, {"type": "image", "url": null, "remote_url": "https://b/3.jpg"},
                {"type": "image", "url": null, "remote_url": null}]""".replace("\n", " "))));

        try (Deliveries deliveries = open("")) {
            Post post = ((Posted) take(deliveries, 1).getFirst()).post();
            assertThat(post)
                    .isEqualTo(new Post(
                            "127.0.0.1/1",
                            "127.0.0.1/9",
                            "en",
                            "Tom & Ann @you\n\nsee https://x.test/a",
                            Instant.parse("2026-07-01T11:00:07.123Z"),
                            clock.instant(),
                            Optional.empty(),
                            List.of("https://a/1.jpg", "https://b/3.jpg", "")));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'\"in_reply_to_id\": \"7\"', replied_to",
        "'\"in_reply_to_id\": null', ''",
        "'\"reblog\": {\"id\": \"7\"}', retweeted",
        "'\"reblog\": null', ''",
        "'\"quote\": {\"state\": \"accepted\"}', quoted"
    })
    void readsWhatAStatusRefersTo(String field, String reference) throws Exception {
        stream(update(status("1", ", " + field)));

        try (Deliveries deliveries = open("")) {
            assertThat(((Posted) take(deliveries, 1).getFirst())
                            .post()
                            .reference()
                            .orElse(""))
                    .isEqualTo(reference);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'\"noindex\": true', NOINDEX",
        "'\"noindex\": false, \"indexable\": true', ''",
        "'\"noindex\": null, \"indexable\": null', ''",
        "'\"indexable\": false', NOT_INDEXABLE",
        "'\"note\": \"<p>painter <a>#<span>NoBot</span></a></p>\"', NOBOT",
        "'\"note\": \"#noindex, please\"', NOBOT",
        "'\"note\": \"a nobot #nobottle\"', ''"
    })
    void readsWhatAnAccountSaysAgainstTheUseOfItsPosts(String field, String preference) throws Exception {
        stream(update(status("1", ", \"account\": {\"id\": \"9\", " + field + "}")));

        try (Deliveries deliveries = open("")) {
            assertThat(((Posted) take(deliveries, 1).getFirst()).post().preferences())
                    .isEqualTo(preference.isEmpty() ? Set.of() : Set.of(Preference.valueOf(preference)));
        }
    }

    @Test
    void readsDeletionsAndLeavesEditsAndAnnouncementsAlone() throws Exception {
        stream(
                "event: status.update\ndata: " + status("1", "") + "\n\n",
                "event: announcement\ndata: {}\n\n",
                "event:delete\r\ndata:12\r\n\r\n",
                update("{"),
                update(status("2", "")));

        try (Deliveries deliveries = open("")) {
            List<Delivery> all = take(deliveries, 3);
            assertThat(((Deleted) all.get(0)).id()).isEqualTo("127.0.0.1/12");
            assertThat(all.get(1)).isInstanceOf(Malformed.class);
            assertThat(ids(all.subList(2, 3))).containsExactly("127.0.0.1/2");
        }
    }

    @Test
    void halfAnEventAtTheEndOfAConnectionIsNone() throws Exception {
        stream("event: update\ndata: " + status("1", "") + "\n");
        stream("\n", update(status("2", "")));

        try (Deliveries deliveries = open("")) {
            List<Delivery> all = take(deliveries, 2);
            assertThat(all.get(0)).isInstanceOf(Gap.class);
            assertThat(ids(all.subList(1, 2))).containsExactly("127.0.0.1/2");
        }
    }

    @Test
    void anEventThatIsTooLongIsMalformed() throws Exception {
        stream(
                "event: update\ndata: {\"a\": \"" + "x".repeat(30_000) + "\"}\n\n",
                "event: update\n" + ("data: \"" + "x".repeat(9_000) + "\"\n").repeat(3) + "\n",
                update(status("2", "")));

        try (Deliveries deliveries = open("")) {
            List<Delivery> all = take(deliveries, 3);
            assertThat(all.subList(0, 2)).allMatch(Malformed.class::isInstance);
            assertThat(all.get(2)).isInstanceOf(Posted.class);
        }
    }

    @Test
    void aSilentConnectionIsDeadAndItsSilenceAGap() throws Exception {
        streamThatStalls(update(status("1", "")), ":thump\n");
        stream(update(status("2", "")));
        Instant heard = clock.instant();

        try (Deliveries deliveries = feed(Optional.empty(), IMPATIENT).after("")) {
            List<Delivery> all = take(deliveries, 3);
            assertThat(((Gap) all.get(1)).from()).isEqualTo(heard);
            assertThat(((Gap) all.get(1)).to()).isEqualTo(heard.plus(Duration.ofSeconds(5)));
            assertThat(ids(List.of(all.get(0), all.get(2)))).containsExactly("127.0.0.1/1", "127.0.0.1/2");
        }
    }

    @Test
    void readsRealStatuses() throws Exception {
        assumeTrue(Files.isDirectory(PAYLOADS), "Mastodon's payloads are not here");
        JsonMapper json = new JsonMapper();
        List<String> events = new ArrayList<>();
        for (String file : List.of("public_timeline.json", "tag_timeline.json")) {
            for (JsonNode status : json.readTree(PAYLOADS.resolve(file).toFile())) {
                events.add(update(json.writeValueAsString(status)));
            }
        }
        stream(events.toArray(String[]::new));

        try (Deliveries deliveries = open("")) {
            List<Delivery> all = take(deliveries, events.size());
            assertThat(all).allMatch(Posted.class::isInstance);
            assertThat(ids(all).getFirst()).isEqualTo("127.0.0.1/172429");
            assertThat(((Posted) all.get(12)).post().text())
                    .doesNotContain("<br")
                    .contains("\n");
        }
    }

    private Deliveries open(String position) {
        return feed(Optional.empty(), LIMITS).after(position);
    }

    private MastodonFeed feed(Optional<String> token, LiveLimits limits) {
        return new MastodonFeed(url(), MastodonFeed.Timeline.LOCAL, token, limits, WEB, clock.times(), pause -> {
            pauses.add(pause);
            clock.pass(Duration.ofSeconds(5));
        });
    }

    private static String update(String status) {
        return "event: update\ndata: " + status + "\n\n";
    }

    private static String status(String id, String more) {
        return ("{\"id\": \"%s\", \"created_at\": \"2026-07-01T11:00:07.123Z\", \"content\": \"<p>Tom &amp; Ann"
                        + " <span><a href=\\\"https://x.test/@you\\\">@<span>you</span></a></span></p><p>see <a"
                        + " href=\\\"https://x.test/a\\\"><span class=\\\"invisible\\\">https://</span><span>x.test/a</span></a></p>\"%s}")
                .formatted(id, more);
    }
}
