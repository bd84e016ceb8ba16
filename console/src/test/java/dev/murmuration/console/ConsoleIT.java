package dev.murmuration.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.cluster.TopicReader;
import dev.murmuration.local.TestPlatform;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.store.ObjectStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import javax.imageio.ImageIO;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console in a browser, on the real broker, object store and registry. */
@QuarkusTest
@QuarkusTestResource(value = LocalPlatform.class, restrictToAnnotatedClass = true)
class ConsoleIT {

    private static final String HOSTILE =
            "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> good morning";

    @TestHTTPResource
    URI console = URI.create("");

    @TempDir
    Path folder = Path.of("");

    @Inject
    EventWriter writer;

    @Inject
    ObjectStore store;

    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    @BeforeEach
    void connect() {
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        TestPlatform.settings().bootstrapServers(),
                        ProducerConfig.ACKS_CONFIG,
                        "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterEach
    void disconnect() {
        producer().close();
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return Objects.requireNonNull(producer);
    }

    private void send(Topic topic, String key, @Nullable SpecificRecord event) throws Exception {
        byte[] value = event == null ? null : writer.write(topic, event);
        RecordMetadata written = producer()
                .send(new ProducerRecord<>(topic.name(), key.getBytes(StandardCharsets.UTF_8), value))
                .get();
        assertThat(written.hasOffset()).isTrue();
    }

    /** A scored tweet with a photo of this colour, which is in the store. */
    private ScoredTweet stored(String id, String text, Color colour) throws IOException {
        BufferedImage image = new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(colour);
        graphics.fillRect(0, 0, 640, 480);
        graphics.dispose();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        String sha256 = Sha256.hex(png.toByteArray());
        var photo = Events.image(sha256, png.size());
        store.putIfAbsent(photo.getKey(), png.toByteArray(), "image/png");
        return Events.scored(Events.tweet(id, text, photo), 0.05, 0.05, 0.9);
    }

    private LabelledImage label(String id, String text, Color colour) throws IOException {
        return Events.labelled(stored(id, text, colour), Sentiment.positive);
    }

    private HttpResponse<byte[]> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(console.resolve(path)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** What waits for a group that never committed: all that the topic holds. */
    private long held(Topic topic) {
        AtomicLong records = new AtomicLong();
        new TopicReader(Map.of("bootstrap.servers", TestPlatform.settings().bootstrapServers()))
                .read(topic.name(), TopicReader.Start.BEGINNING, received -> records.incrementAndGet());
        return records.get();
    }

    @Test
    void showsTheLagOfAGroupAndBringsItUpToDate() throws Exception {
        try (Browser browser = Browser.start(console)) {
            send(Topics.TWEETS, "lag-1", Events.tweet("lag-1", "text"));
            browser.open("/pipeline");
            browser.await("tr[data-stage=teacher] .lag", Long.toString(held(Topics.TWEETS)));

            send(Topics.TWEETS, "lag-2", Events.tweet("lag-2", "text"));
            send(Topics.TWEETS, "lag-3", Events.tweet("lag-3", "text"));

            String waiting = Long.toString(held(Topics.TWEETS));
            assertThat(browser.await("tr[data-stage=teacher] .lag", waiting)).isEqualTo(waiting);
            assertThat(browser.await("tr[data-stage=teacher] .health", "away")).isEqualTo("away");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void drawsACurveForEachGroupAndPartition() {
        try (Browser browser = Browser.start(console)) {
            browser.open("/pipeline");
            browser.await("tr[data-stage=evaluator]", "checkpoints");
            browser.open("/lag");

            browser.await(".plot .u-legend", "records");
            // Teacher, filter and packer on two partitions each, trainer and evaluator on one.
            browser.awaitCount(".plot canvas", 8);
            assertThat(browser.count(".plot")).isEqualTo(8);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void showsWhatStrangersWriteAsTextAndAsksNobodyElse() throws Exception {
        try (Browser browser = Browser.start(console)) {
            browser.open("/wall");
            send(Topics.LABELLED_IMAGES, "hostile", label("hostile", HOSTILE, Color.ORANGE));

            String shown = browser.await("li[data-tweet=hostile] .text", "good morning");

            assertThat(shown).isEqualTo(HOSTILE);
            assertThat(browser.driver().getTitle()).isEqualTo("Wall · Murmuration");
            assertThat(browser.count("li[data-tweet=hostile] script")).isZero();
            assertThat(browser.requestedFrom()).containsExactly(console.getAuthority());
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void takesADeletedTweetAndItsPhotoAwayAtOnce() throws Exception {
        LabelledImage image = label("regretted", "I should not have said this", Color.MAGENTA);
        String photo = "/photos/" + image.getImage().getSha256() + ".png";
        try (Browser browser = Browser.start(console)) {
            send(Topics.LABELLED_IMAGES, "regretted", image);
            browser.open("/wall?blur=off");
            browser.await("li[data-tweet=regretted]", "should not");
            assertThat(get(photo).statusCode()).isEqualTo(200);

            send(Topics.TWEETS, "regretted", null);

            browser.awaitGone("li[data-tweet=regretted]");
            assertThat(get(photo).statusCode()).isEqualTo(410);
        }
    }

    @Test
    void servesPhotosSmallAndEncodedAnew() throws Exception {
        LabelledImage image = label("small", "text", Color.CYAN);

        HttpResponse<byte[]> answer = get("/photos/" + image.getImage().getSha256() + ".png");

        assertThat(answer.headers().firstValue("content-type")).contains("image/jpeg");
        BufferedImage served = ImageIO.read(new ByteArrayInputStream(answer.body()));
        assertThat(served.getWidth()).isEqualTo(320);
        assertThat(served.getHeight()).isEqualTo(240);
        assertThat(get("/photos/" + "0".repeat(64) + ".png").statusCode()).isEqualTo(404);
        assertThat(get("/photos/..%2fsecret").statusCode()).isEqualTo(404);
    }

    @Test
    void showsARejectedPhotoWithItsScoresAndADuplicateBesideItsOriginal() throws Exception {
        send(Topics.SCORED_TWEETS, "first", stored("first", "the first of them", Color.RED));
        send(Topics.SCORED_TWEETS, "again", stored("again", "the same again", new Color(250, 0, 0)));
        send(
                Topics.REJECTIONS,
                "again",
                new Rejection("again", 0, "filter", "near-duplicate", "repeats first/0, PDQ distance 4", Events.TIME));
        try (Browser browser = Browser.start(console)) {
            browser.open("/rejections");
            browser.await("tr[data-reason='filter/near-duplicate'] .count", "1");
            browser.enter("a[href='/rejections/filter/near-duplicate']");

            browser.await("li[data-tweet=again] figcaption", "repeats, distance 4");

            assertThat(browser.count("li[data-tweet=again] img")).isEqualTo(2);
            browser.await("li[data-tweet=again] .text", "the same again");
            browser.await("li[data-tweet=again] .bars", "90.0");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void showsDeadLettersWithTheirReasons() throws Exception {
        var letter = new ProducerRecord<>(
                Topics.deadLetters("teacher").name(),
                "key".getBytes(StandardCharsets.UTF_8),
                "{\"id\": <b>}".getBytes(StandardCharsets.UTF_8));
        letter.headers().add("dead-letter-reason", "no event".getBytes(StandardCharsets.UTF_8));
        producer().send(letter).get();
        try (Browser browser = Browser.start(console)) {
            browser.open("/rejections");
            browser.await("tr[data-letters=teacher] .count", "1");
            browser.open("/dead-letters");

            browser.await(".letter .detail", "no event");
            browser.await(".letter pre", "{\"id\": <b>}");
        }
    }

    @Test
    void followsOneTweetThroughAllTopics() throws Exception {
        ScoredTweet scored = stored("followed", HOSTILE, Color.PINK);
        send(Topics.TWEETS, "followed", scored.getTweet());
        send(Topics.SCORED_TWEETS, "followed", scored);
        send(
                Topics.REJECTIONS,
                "followed",
                new Rejection("followed", 0, "filter", "unsure", "exceeds no data set's threshold", Events.TIME));
        try (Browser browser = Browser.start(console)) {
            browser.open("/track?q=" + scored.getTweet().getImages().getFirst().getSha256());

            assertThat(browser.await("article[data-tweet=followed] .text", "good"))
                    .isEqualTo(HOSTILE);
            browser.await("article[data-tweet=followed] tr", "admitted with 1 photos");
            browser.await("article[data-tweet=followed] tr", "positive 0.9000");
            browser.await("article[data-tweet=followed] tr", "photo 0 refused: unsure");
            browser.open("/track?q=nobody");
            browser.await("#none", "is this tweet");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void countsSamplesAndWhatOtherThresholdsWouldTake() throws Exception {
        for (int i = 0; i < 3; i++) {
            send(Topics.SCORED_TWEETS, "sure-" + i, stored("sure-" + i, "text", Color.GREEN));
        }
        send(Topics.SHARDS, "flat", Events.shard("flat", Split.train, "shards/flat/train/a.tar", 30, 20, 10, 0, 59));
        try (Browser browser = Browser.start(console)) {
            browser.open("/datasets");
            browser.await("tr[data-set=flat] .sum", "60");
            send(Topics.SHARDS, "flat", Events.shard("flat", Split.val, "shards/flat/val/b.tar", 1, 1, 1, 60, 70));
            browser.await("tr[data-set=flat] .sum", "63");
            browser.await(".plot .u-legend", "neutral");

            browser.open("/datasets?positive=0.8999");
            String some = browser.await("#taken", "positive");
            browser.open("/datasets?positive=0.9");

            assertThat(browser.await("#taken", "positive 0")).isNotEqualTo(some);
            assertThat(browser.count(".histogram")).isEqualTo(3);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void drawsRunsAndTheirAccuracies() throws Exception {
        send(Topics.CHECKPOINTS, "student", Events.checkpoint("student", 10, 3));
        send(Topics.CHECKPOINTS, "student", Events.checkpoint("student", 30, 5));
        send(
                Topics.ACCURACIES,
                "student",
                Events.accuracy(
                        Events.checkpoint("student", 30, 5),
                        "simulated",
                        List.of(List.of(30L, 10L), List.of(20L, 40L))));
        try (Browser browser = Browser.start(console)) {
            browser.open("/runs");
            browser.await("tr[data-run=student] .count", "2");
            browser.await("[data-plot=loss] .u-legend", "student, validation");
            browser.open("/accuracies");
            browser.await("[data-benchmark='simulated/zero-shot'] .accuracy", "70.0 %");
            browser.await("[data-plot=accuracy] .u-legend", "majority");

            assertThat(browser.count(".matrix .number")).isEqualTo(4);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void listsTopicsWithWhatWasWrittenAndNoSecret() throws Exception {
        send(Topics.CHECKPOINTS, "other", Events.checkpoint("other", 10, 3));
        try (Browser browser = Browser.start(console)) {
            browser.open("/operations");

            assertThat(browser.await("tr[data-topic=checkpoints] .written", ""))
                    .isEqualTo(Long.toString(held(Topics.CHECKPOINTS)));
            assertThat(browser.count("tr[data-topic]")).isEqualTo(Topics.ALL.size());
            assertThat(new String(get("/operations").body(), StandardCharsets.UTF_8))
                    .contains("s3.endpoint")
                    .doesNotContain("secret-key");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void saysThatNoEvaluatorAnswersAndRefusesAFormOfAnotherOrigin() throws Exception {
        try (Browser browser = Browser.start(console)) {
            browser.open("/try");
            Path photo = Files.write(folder.resolve("photo.png"), new byte[100]);
            browser.type("#photo", photo.toString());
            browser.enter("form.panel button");

            browser.await("#problem", "the evaluator at http://localhost:1/predict does not answer");
            browser.await("pre", "curl --data-binary @photo.jpg");
            assertThat(browser.complaints()).isEmpty();
        }
        HttpResponse<String> strange = http.send(
                HttpRequest.newBuilder(console.resolve("/try"))
                        .header("Origin", "https://evil.example")
                        .header("Content-Type", "multipart/form-data; boundary=x")
                        .POST(HttpRequest.BodyPublishers.ofString("--x--"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(strange.statusCode()).isEqualTo(403);
    }

    @Test
    void refusesPagesOfOtherHostsAndAllowsNoInlineScript() throws Exception {
        HttpResponse<byte[]> page = get("/pipeline");

        assertThat(page.headers().firstValue("content-security-policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("cache-control")).contains("no-store");
        assertThat(new String(page.body(), StandardCharsets.UTF_8))
                .doesNotContain("style=", "<style", "onclick", "javascript:");
    }
}
