package dev.murmuration.teacher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The whole service on the real platform, in the place of an instance that was killed in the middle of a transaction. */
@NullUnmarked // Quarkus fills the fields.
@QuarkusTest
@QuarkusTestResource(KilledPredecessor.class)
class TeacherIT {

    private static final List<String> DEAD = List.of("garbage", "too-long");
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @TestHTTPResource("/")
    URI self;

    @Inject
    RegistrySettings registry;

    @Inject
    EventWriter writer;

    private final List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();

    @Test
    void passesEveryRecordOnExactlyOnceAndInItsPlace() throws Exception {
        for (int i = 0; i < 40; i++) {
            int partition = i % 2;
            send(partition, "t" + i, tweet("t" + i, "what a " + (i % 3 == 0 ? "lovely" : "terrible") + " day " + i), i);
        }
        send(0, "t0", null, 40);
        send(0, "garbage", "no event at all".getBytes(UTF_8), 41);
        send(1, "controls", tweet("controls", "\u0000\u001b[31m \u202e a day"), 43);
        send(0, "long", tweet("long", "x".repeat(100_000)), 44);
        send(1, "too-long", tweet("too-long", "x".repeat(250_000)), 45);
        for (int i = 0; i < 2; i++) {
            EndOfFeed marker = new EndOfFeed("recorded", i, 2);
            send(i, marker.key(), null, 50);
            sent.getLast().headers().add(EndOfFeed.HEADER, marker.header());
        }
        produce();

        List<ConsumerRecord<byte[], byte[]>> scored = readUntil(Topics.SCORED_TWEETS.name(), TeacherIT::bothEnded);
        List<ConsumerRecord<byte[], byte[]>> dead = readUntil("teacher-dead-letters", all -> all.size() >= 2);

        for (int partition = 0; partition < 2; partition++) {
            assertThat(keys(scored, partition)).isEqualTo(expectedKeys(partition));
        }
        check(scored);
        checkDeadLetters(dead);
        checkPosition();
        checkEndpoints();
    }

    private void check(List<ConsumerRecord<byte[], byte[]>> scored) {
        EventReader<ScoredTweet> reader = EventReader.of(registry, Topics.SCORED_TWEETS, ScoredTweet.class);
        Map<String, ScoredTweet> tweets = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : scored) {
            assertThat(record.headers().headers("__smallrye_generationId")).isEmpty();
            switch (reader.read(record.headers(), record.value())) {
                case Decoded.Event<ScoredTweet>(ScoredTweet tweet) -> {
                    assertThat(tweets.put(tweet.getTweet().getId(), tweet)).isNull();
                    assertThat(tweet.getTweet().getId()).isEqualTo(text(record.key()));
                    assertThat(tweet.getTeacher().getName()).isEqualTo("murmuration-minilm-l6");
                    assertThat(tweet.getTeacher().getVersion()).hasSize(16);
                }
                case Decoded.Tombstone<ScoredTweet> deleted -> {
                    assertThat(text(record.key())).isEqualTo("t0");
                    assertThat(record.timestamp()).isEqualTo(40);
                }
                case Decoded.Ended<ScoredTweet>(EndOfFeed marker) ->
                    assertThat(marker.partition()).isEqualTo(record.partition());
                case Decoded.Undecodable<ScoredTweet>(String reason) -> throw new AssertionError(reason);
            }
        }
        assertThat(tweets).hasSize(42).containsKeys("controls", "long");
        assertThat(tweets.get("t3").getScores().getPositive())
                .isGreaterThan(tweets.get("t4").getScores().getPositive());
    }

    private static void checkDeadLetters(List<ConsumerRecord<byte[], byte[]>> dead) {
        assertThat(dead).hasSize(2);
        Map<String, ConsumerRecord<byte[], byte[]>> byKey = new HashMap<>();
        dead.forEach(letter -> byKey.put(text(letter.key()), letter));
        assertThat(byKey.get("garbage").value()).isEqualTo("no event at all".getBytes(UTF_8));
        assertThat(header(byKey.get("garbage"), DeadLetter.REASON)).contains("no event");
        assertThat(header(byKey.get("garbage"), DeadLetter.TOPIC)).isEqualTo("tweets");
        assertThat(header(byKey.get("garbage"), DeadLetter.PARTITION)).isEqualTo("0");
        assertThat(byKey.get("garbage").headers().headers("__smallrye_generationId"))
                .isEmpty();
        assertThat(byKey.get("too-long").value()).isEmpty();
        assertThat(header(byKey.get("too-long"), DeadLetter.REASON))
                .contains("more than 200000")
                .contains("is left out");
    }

    /** What the killed instance was about to commit never counted, and everything that was sent is committed. */
    private void checkPosition() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets("teacher")
                    .partitionsToOffsetAndMetadata()
                    .get();
            for (int partition = 0; partition < 2; partition++) {
                int of = partition;
                long read =
                        sent.stream().filter(record -> record.partition() == of).count();
                assertThat(committed
                                .get(new TopicPartition("tweets", partition))
                                .offset())
                        .isEqualTo(read);
            }
        }
    }

    private void checkEndpoints() throws IOException, InterruptedException {
        assertThat(get("/q/health/live")).contains("\"status\": \"UP\"").contains("scoring");
        assertThat(get("/q/health/ready")).contains("\"status\": \"UP\"");
        assertThat(get("/q/metrics"))
                .contains("murmuration_teacher_records_total{outcome=\"scored\",} 42.0")
                .contains("murmuration_teacher_records_total{outcome=\"deleted\",} 1.0")
                .contains("murmuration_teacher_records_total{outcome=\"dead-lettered\",} 2.0")
                .contains("murmuration_teacher_records_total{outcome=\"ended\",} 2.0");
    }

    private String get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(self.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private byte[] tweet(String id, String text) {
        return writer.write(
                Topics.TWEETS, new Tweet(id, "recorded", "", "en", text, Instant.EPOCH, Instant.EPOCH, List.of(), ""));
    }

    private void send(int partition, String key, byte @Nullable [] value, long time) {
        sent.add(new ProducerRecord<>(Topics.TWEETS.name(), partition, time, key.getBytes(UTF_8), value));
    }

    private void produce() {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<RecordMetadata>> futures = new ArrayList<>();
            sent.forEach(record -> futures.add(producer.send(record)));
            producer.flush();
            assertThat(futures).allMatch(future -> future.state() == Future.State.SUCCESS);
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> readUntil(
            String topic, Predicate<List<ConsumerRecord<byte[], byte[]>>> enough) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", broker, "isolation.level", "read_committed", "auto.offset.reset", "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
            Instant deadline = Instant.now().plus(TIMEOUT);
            while (!enough.test(read)) {
                assertThat(Instant.now())
                        .as("%d records of %s", read.size(), topic)
                        .isBefore(deadline);
                consumer.poll(Duration.ofMillis(100)).forEach(read::add);
            }
            return read;
        }
    }

    private static boolean bothEnded(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                        .filter(record -> EndOfFeed.in(record.headers()).isPresent())
                        .count()
                == 2;
    }

    private List<String> expectedKeys(int partition) {
        return sent.stream()
                .filter(record -> record.partition() == partition)
                .map(record -> text(record.key()))
                .filter(key -> !DEAD.contains(key))
                .toList();
    }

    private static List<String> keys(List<ConsumerRecord<byte[], byte[]>> records, int partition) {
        return records.stream()
                .filter(record -> record.partition() == partition)
                .map(record -> text(record.key()))
                .toList();
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return text(record.headers().lastHeader(name).value());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
