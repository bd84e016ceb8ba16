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
import org.junit.jupiter.params.provider.CsvSource;
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

        assertThat(((Posted) delivery).post())
                .isEqualTo(new Post(
                        "12",
                        "9",
                        "en",
                        "Hi &amp; bye",
                        Instant.parse("2014-05-01T00:00:07Z"),
                        Instant.parse("2014-05-01T00:00:07Z"),
                        Optional.empty(),
                        List.of("a.jpg", "b.jpg")));
        assertThat(delivery.position()).isEqualTo("p");
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
    void theTextOfALongPostIsThatOfItsNote() {
        assertThat(((Posted) parse("""
                {"data": {"id": "12", "text": "I am so h…", "note_tweet": {"text": "I am so happy"}, "created_at": "2014-05-01T00:00:07.000Z"}}""")).post().text()).isEqualTo("I am so happy");
    }

    @ParameterizedTest
    @CsvSource({"en, en", "en-GB, en", "EN_us, en", "zh-TW, zh", "'', ''", "12345678901234567, ''"})
    void aLanguageLosesItsRegion(String lang, String language) {
        assertThat(((Posted) parse("""
                {"data": {"id": "12", "text": "t", "lang": "%s", "created_at": "2014-05-01T00:00:07.000Z"}}""".formatted(lang))).post().lang()).isEqualTo(language);
    }

    @Test
    void halvesOfSurrogatePairsAreReplacedInEveryText() {
        Post post = ((Posted) parse("""
                {"data": {"id": "\\udc001", "author_id": "\\ud83d", "text": "a \\ud83d b \\ud83d\\ude00 \\ude00", "lang": "e\\udfff", "created_at": "2014-05-01T00:00:07.000Z",
                  "attachments": {"media_keys": ["3_\\ud800"]}, "referenced_tweets": [{"type": "\\ud800"}]},
                 "includes": {"media": [{"media_key": "3_\\ud800", "type": "photo", "url": "\\ud800.jpg"}]}}""")).post();

        assertThat(post.id()).isEqualTo("\ufffd1");
        assertThat(post.authorId()).isEqualTo("\ufffd");
        assertThat(post.text()).isEqualTo("a \ufffd b \ud83d\ude00 \ufffd");
        assertThat(post.lang()).isEqualTo("e\ufffd");
        assertThat(post.reference()).contains("\ufffd");
        assertThat(post.photos()).containsExactly("\ufffd.jpg");
    }

    @Test
    void aPostNamesAPhotoAsOftenAsItLikesUpToTenThousandTimes() {
        String line = """
                {"data": {"id": "12", "text": "t", "created_at": "2014-05-01T00:00:07.000Z", "attachments": {"media_keys": [%s"3_1"]}},
                 "includes": {"media": [{"media_key": "3_1", "type": "photo", "url": "a.jpg"}]}}""";

        assertThat(((Posted) parse(line.formatted("\"3_1\",".repeat(9_999))))
                        .post()
                        .photos())
                .hasSize(10_000);
        assertThat(parse(line.formatted("\"3_1\",".repeat(10_000))))
                .isInstanceOfSatisfying(
                        Malformed.class,
                        malformed -> assertThat(malformed.reason()).isEqualTo("a post with more than 10000 photos"));
    }

    @Test
    void anIdHasAtMost256Characters() {
        String post = "{\"data\": {\"id\": \"%s\", \"text\": \"t\", \"created_at\": \"2014-05-01T00:00:07.000Z\"}}";
        String deletion = "{\"delete\": {\"tweet\": {\"id\": \"%s\"}}}";

        assertThat(List.of(parse(post.formatted("x".repeat(256))), parse(deletion.formatted("x".repeat(256)))))
                .noneMatch(Malformed.class::isInstance);
        assertThat(List.of(parse(post.formatted("x".repeat(257))), parse(deletion.formatted("x".repeat(257)))))
                .allMatch(Malformed.class::isInstance);
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
