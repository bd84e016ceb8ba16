package dev.murmuration.crawler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole service on the real platform, in the place of one that was killed in the middle of a transaction. */
@QuarkusTest
@QuarkusTestResource(FreshPlatform.class)
class CrawlerIT {

    @Inject
    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @Inject
    RegistrySettings registry;

    @Inject
    ObjectStore store;

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void crawlsTheWholeFeedOnce() throws Exception {
        Cursor cursor = awaitEnd();

        List<Tweet> tweets = new ArrayList<>();
        List<EndOfFeed> markers = new ArrayList<>();
        EventReader<Tweet> reader = EventReader.of(registry, Topics.TWEETS, Tweet.class);
        for (ConsumerRecord<byte[], byte[]> record : CommittedRecords.of(broker, "tweets")) {
            switch (reader.read(record.headers(), record.value())) {
                case Decoded.Event<Tweet>(Tweet tweet) -> tweets.add(tweet);
                case Decoded.Ended<Tweet>(EndOfFeed marker) -> {
                    assertThat(record.partition()).isEqualTo(marker.partition());
                    markers.add(marker);
                }
                case Decoded.Tombstone<Tweet> deleted ->
                    assertThat(new String(record.key(), UTF_8)).startsWith("19000");
                case Decoded.Undecodable<Tweet>(String reason) -> throw new AssertionError(reason);
            }
        }
        assertThat(tweets).extracting(Tweet::getId).doesNotHaveDuplicates().hasSize((int) cursor.getAdmitted());
        assertThat(markers)
                .hasSize(2)
                .allMatch(marker -> marker.of() == 2 && marker.feed().equals("simulator"));
        assertThat(cursor.getRecords())
                .isEqualTo(FreshPlatform.RECORDS)
                .isEqualTo(cursor.getAdmitted()
                        + cursor.getRejected()
                        + cursor.getDeletions()
                        + cursor.getDuplicates()
                        + cursor.getMalformed());
        checkPhotos(tweets, cursor);
        assertThat(CommittedRecords.of(broker, "crawler-dead-letters")).hasSize((int) cursor.getMalformed());
        checkBenchmark();
        checkEndpoints();
    }

    private void checkPhotos(List<Tweet> tweets, Cursor cursor) {
        long refused = 0;
        EventReader<Rejection> reader = EventReader.of(registry, Topics.REJECTIONS, Rejection.class);
        for (ConsumerRecord<byte[], byte[]> record : CommittedRecords.of(broker, "rejections")) {
            if (reader.read(record.headers(), record.value()) instanceof Decoded.Event<Rejection>(Rejection rejection)
                    && rejection.getImageIndex() != null) {
                refused++;
            }
        }
        List<Image> images =
                tweets.stream().flatMap(tweet -> tweet.getImages().stream()).toList();
        assertThat(images.size() + refused).isEqualTo(cursor.getPhotos());
        for (Image image : images) {
            assertThat(store.get(image.getKey(), image.getSha256())).isInstanceOf(Fetched.Found.class);
        }
    }

    private void checkBenchmark() {
        assertThat(store.list("benchmarks/simulated/")).hasSize(14);
        assertThat(store.get("benchmarks/simulated/index.csv"))
                .isInstanceOfSatisfying(
                        Fetched.Found.class,
                        found -> assertThat(new String((byte[]) found.value(), UTF_8))
                                .startsWith("path,class\nimages/00000.jpg,")
                                .hasLineCount(13));
    }

    private void checkEndpoints() throws IOException, InterruptedException {
        assertThat(get("/q/health/live")).contains("\"status\": \"UP\"");
        assertThat(get("/q/health/ready")).contains("\"status\": \"UP\"");
        assertThat(get("/q/metrics"))
                .contains("murmuration_crawler_records_total{outcome=\"admitted\",}")
                .contains("murmuration_crawler_rejections_total{reason=\"not-english\",}")
                .contains("murmuration_crawler_photos_total")
                .contains("murmuration_crawler_bytes_total")
                .contains("murmuration_crawler_position_records 300");
    }

    private Cursor awaitEnd() {
        while (true) {
            Cursor cursor = new CommittedState(Map.of("bootstrap.servers", broker), registry).cursor("simulator");
            if (cursor.getEnded()) {
                return cursor;
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    private String get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(
                                            ConfigProvider.getConfig().getValue("test.url", String.class) + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
