package dev.murmuration.crawler.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.murmuration.crawler.feed.Delivery.AuthorDeleted;
import dev.murmuration.crawler.feed.Delivery.Deleted;
import dev.murmuration.crawler.feed.Delivery.Malformed;
import dev.murmuration.crawler.feed.Delivery.Posted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XLineTest {

    private static final Path PAYLOADS =
            Path.of(System.getProperty("murmuration.root", "../.."), "../shared/data/payloads/x");
    private static final Times.Source AS_IT_SAYS = said -> new Times(said, said);

    @Test
    void readsAPostWithItsPhotosInTheirOrder() {
        Delivery delivery = parse("""
                {"data": {"id": "12", "text": "Hi &amp; bye", "lang": "en", "created_at": "2014-05-01T00:00:07.000Z", "author_id": "9",
                  "attachments": {"media_keys": ["3_2", "7_3", "3_1"]}},
                 "includes": {"media": [{"media_key": "3_1", "type": "photo", "url": "b.jpg"}, {"media_key": "3_2", "type": "photo", "url": "a.jpg"},
                  {"media_key": "7_3", "type": "video"}, {"media_key": "3_9", "type": "photo", "url": "of-another-post.jpg"}]}}""");

        assertThat(delivery)
                .isEqualTo(new Posted(
                        new Post(
                                "12",
                                "9",
                                "en",
                                "Hi &amp; bye",
                                Instant.parse("2014-05-01T00:00:07Z"),
                                Instant.parse("2014-05-01T00:00:07Z"),
                                Optional.empty(),
                                List.of("a.jpg", "b.jpg")),
                        "p"));
    }

    @Test
    void aPhotoWithoutAnAddressStillCounts() {
        Delivery delivery = parse("""
                {"data": {"id": "12", "text": "t", "created_at": "2014-05-01T00:00:07.000Z", "attachments": {"media_keys": ["3_1"]}},
                 "includes": {"media": [{"media_key": "3_1", "type": "photo"}]}}""");

        assertThat(((Posted) delivery).post().photos()).containsExactly("");
    }

    @Test
    void readsWhatAPostRefersTo() {
        Delivery delivery = parse("""
                {"data": {"id": "12", "text": "t", "created_at": "2014-05-01T00:00:07.000Z", "referenced_tweets": [{"type": "quoted", "id": "1"}]}}""");

        assertThat(((Posted) delivery).post().reference()).contains("quoted");
    }

    @Test
    void readsDeletions() {
        assertThat(parse("{\"delete\": {\"tweet\": {\"id\": \"12\", \"author_id\": \"9\"}}}"))
                .isEqualTo(new Deleted("12", "p"));
        assertThat(parse("{\"user_delete\": {\"user\": {\"id\": \"9\"}}}")).isEqualTo(new AuthorDeleted("9", "p"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "null",
                "7",
                "not json",
                "{\"data\": {}}",
                "{\"data\": {\"id\": 12, \"text\": \"t\", \"created_at\": \"2014-05-01T00:00:07.000Z\"}}",
                "{\"data\": {\"id\": \"\", \"text\": \"t\", \"created_at\": \"2014-05-01T00:00:07.000Z\"}}",
                "{\"data\": {\"id\": \"12\", \"created_at\": \"2014-05-01T00:00:07.000Z\"}}",
                "{\"data\": {\"id\": \"12\", \"text\": \"t\"}}",
                "{\"data\": {\"id\": \"12\", \"text\": \"t\", \"created_at\": \"yesterday\"}}",
                "{\"data\": {\"id\": \"12\", \"text\": \"t\", \"created_at\": \"2014-05-01T00:00:07.000Z\"}} {}",
                "{\"errors\": [{\"title\": \"operational-disconnect\"}]}"
            })
    void whatIsNoPostIsMalformed(String line) {
        assertThat(parse(line)).isInstanceOfSatisfying(Malformed.class, malformed -> {
            assertThat(malformed.raw()).isEqualTo(line.getBytes(UTF_8));
            assertThat(malformed.position()).isEqualTo("p");
            assertThat(malformed.reason()).isNotBlank();
        });
    }

    @Test
    void deepNestingIsMalformedAndNoStackOverflow() {
        assertThat(parse("{\"data\":".repeat(100_000))).isInstanceOf(Malformed.class);
    }

    @Test
    void bytesThatAreNoUtf8AreMalformed() {
        byte[] line = {'{', '"', (byte) 0xC3, '"', ':', '1', '}'};

        assertThat(XLine.parse(line, AS_IT_SAYS, "p")).isInstanceOf(Malformed.class);
    }

    @Test
    void readsXsOwnExamples() throws IOException {
        assumeTrue(Files.isDirectory(PAYLOADS), "X's payloads are not here");
        JsonMapper json = new JsonMapper();
        byte[] example = json.writeValueAsBytes(
                json.readTree(PAYLOADS.resolve("tweet_stream_example.json").toFile()));

        assertThat(XLine.parse(example, AS_IT_SAYS, "p")).isInstanceOfSatisfying(Posted.class, posted -> {
            assertThat(posted.post().id()).isEqualTo("1359517868925280258");
            assertThat(posted.post().lang()).isEqualTo("fr");
            assertThat(posted.post().authorId()).isEqualTo("126115852");
        });
        List<String> lines = Files.readAllLines(PAYLOADS.resolve("multiple_tweet_stream_example_part1.data"));
        assertThat(lines.stream().filter(line -> !line.isBlank()).limit(1))
                .allSatisfy(line -> assertThat(parse(line)).isInstanceOf(Posted.class));
    }

    private static Delivery parse(String line) {
        return XLine.parse(line.getBytes(UTF_8), AS_IT_SAYS, "p");
    }
}
