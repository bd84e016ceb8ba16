package dev.murmuration.filter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.filter.topology.Tweets;
import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole service on the real platform, in the place of one that was killed in the middle of a transaction. */
@QuarkusTest
@QuarkusTestResource(FreshPlatform.class)
class FilterIT {

    private static final int TWEETS = 60;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker = "";

    @TestHTTPResource("/")
    URI self = URI.create("/");

    @Inject
    RegistrySettings registry;

    @Inject
    EventWriter writer;

    @Inject
    ObjectStore store;

    private final List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
    private final TreeSet<String> photos = new TreeSet<>();

    @Test
    @Timeout(value = 180, unit = TimeUnit.SECONDS)
    void bringsEveryPhotoToItsEndOnce() throws Exception {
        for (int i = 0; i < TWEETS; i++) {
            // Every tenth is unsure; every seventh photo a copy of an earlier one; every fifth a large PNG.
            Scores scores =
                    i % 10 == 0 ? Tweets.positive(0.5) : i % 2 == 0 ? Tweets.negative(0.9) : Tweets.positive(0.9);
            long seed = i % 7 == 3 ? i - 2 : i;
            TestPhoto photo = seed % 5 == 0 ? TestPhoto.png(seed, 600, 40) : TestPhoto.jpeg(seed, 90, 70);
            send(i % 2, "t" + i, scores, photo);
        }
        send(0, "of-the-benchmark", Tweets.positive(0.9), FreshPlatform.BENCHMARK);
        lose(send(1, "lost", Tweets.positive(0.9), TestPhoto.jpeg(2000, 50, 50)));
        record(0, "garbage", new byte[] {9, 9});
        for (int i = 0; i < 2; i++) {
            EndOfFeed marker = new EndOfFeed("recorded", i, 2);
            record(i, marker.key(), null).headers().add(EndOfFeed.HEADER, marker.header());
        }
        produce();

        List<ConsumerRecord<byte[], byte[]>> shardRecords = readUntil(Topics.SHARDS.name(), FilterIT::bothEnded);
        assertThat(read("filter-dead-letters"))
                .extracting(letter -> text(letter.key()) + ": "
                        + text(letter.headers().lastHeader(DeadLetter.REASON).value()))
                .containsExactly(
                        "garbage: no event: 2 bytes that do not start with the wire format's 0x00 and a schema id");
        List<Rejection> rejections = events(Topics.REJECTIONS, Rejection.class, read(Topics.REJECTIONS.name()));
        List<Shard> shards = events(Topics.SHARDS, Shard.class, shardRecords);

        Map<String, Integer> fates = new TreeMap<>();
        for (Map.Entry<String, List<String>> sample : samplesByPhoto(shards).entrySet()) {
            assertThat(sample.getValue()).doesNotHaveDuplicates();
            fates.merge(sample.getKey(), 1, Integer::sum);
        }
        rejections.forEach(r -> fates.merge(r.getTweetId() + "/" + r.getImageIndex(), 1, Integer::sum));
        assertThat(fates.keySet()).isEqualTo(photos);
        assertThat(fates.values()).containsOnly(1);

        Map<String, Integer> reasons = new TreeMap<>();
        rejections.forEach(r -> reasons.merge(r.getStage() + " " + r.getReason(), 1, Integer::sum));
        // Seven copies of photos that flat has; bal-flat has only the first original, and room for one photo of each
        // class.
        assertThat(reasons)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "filter benchmark-overlap", 1,
                        "filter unsure", 6,
                        "filter near-duplicate", 1,
                        "filter over-represented", 6,
                        "shards image-missing", 1));
        checkPosition();
        checkEndpoints();
    }

    private static String text(byte[] utf8) {
        return new String(utf8, UTF_8);
    }

    private Image send(int partition, String id, Scores scores, TestPhoto photo) {
        store.putIfAbsent(photo.key(), photo.file(), photo.mediaType());
        Image image = photo.image(0);
        photos.add(id + "/0");
        ScoredTweet tweet = Tweets.tweet(id, scores, image);
        record(partition, id, writer.write(Topics.SCORED_TWEETS, tweet));
        return image;
    }

    private void lose(Image image) {
        store.delete(image.getKey());
    }

    private ProducerRecord<byte[], byte[]> record(int partition, String key, byte @Nullable [] value) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.SCORED_TWEETS.name(), partition, key.getBytes(UTF_8), value);
        sent.add(record);
        return record;
    }

    private void produce() {
        List<Future<RecordMetadata>> acknowledged = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker), new ByteArraySerializer(), new ByteArraySerializer())) {
            sent.forEach(record -> acknowledged.add(producer.send(record)));
            producer.flush();
            assertThat(acknowledged)
                    .allSatisfy(future -> assertThat(future.get().hasOffset()).isTrue());
        }
    }

    /** Photo, as tweet id and index, to the data sets whose shards hold it. Every shard is where its event says, and what it says. */
    private Map<String, List<String>> samplesByPhoto(List<Shard> shards) throws IOException {
        Map<String, List<String>> samples = new HashMap<>();
        for (Shard shard : shards) {
            assertThat(store.get(shard.getKey(), shard.getSha256()))
                    .isInstanceOfSatisfying(
                            Fetched.Found.class,
                            found -> assertThat(((byte[]) found.value()).length).isEqualTo((int) shard.getBytes()));
            if (!(store.get(shard.getKey()) instanceof Fetched.Found<byte[]>(byte[] tar))) {
                throw new AssertionError(shard.getKey());
            }
            int count = 0;
            try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
                for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                    if (entry.getName().endsWith(".json")) {
                        var json = new com.fasterxml.jackson.databind.ObjectMapper().readTree(in.readAllBytes());
                        String photo = json.get("tweetId").asText() + "/"
                                + json.get("imageIndex").asInt();
                        samples.computeIfAbsent(photo, p -> new ArrayList<>()).add(shard.getDataset());
                        count++;
                    }
                }
            }
            assertThat(count).isEqualTo(shard.getSamples()).isLessThanOrEqualTo(8);
            assertThat(shard.getPerClass().getNegative() + shard.getPerClass().getPositive())
                    .isEqualTo(count);
        }
        return samples;
    }

    private static boolean bothEnded(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                        .flatMap(record -> EndOfFeed.in(record.headers()).stream())
                        .distinct()
                        .count()
                == 2;
    }

    private <T extends SpecificRecord> List<T> events(
            Topic topic, Class<T> type, List<ConsumerRecord<byte[], byte[]>> records) {
        List<T> events = new ArrayList<>();
        try (EventReader<T> reader = EventReader.of(registry, topic, type)) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (reader.read(record.headers(), record.value()) instanceof Decoded.Event<T>(T event)) {
                    events.add(event);
                } else {
                    assertThat(EndOfFeed.in(record.headers())).isPresent();
                }
            }
        }
        return events;
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        return readUntil(topic, records -> true);
    }

    /** Everything that is committed on the topic, once it is enough. */
    private List<ConsumerRecord<byte[], byte[]>> readUntil(
            String topic, Predicate<List<ConsumerRecord<byte[], byte[]>>> isEnough) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (partitions.stream()
                            .anyMatch(p -> consumer.position(p)
                                    < consumer.endOffsets(partitions).getOrDefault(p, 0L))
                    || !isEnough.test(records)) {
                assertThat(System.nanoTime()).as("still waiting for %s", topic).isLessThan(deadline);
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    /** Both groups stand at the end of what they read. */
    private void checkPosition() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets("shard-packer")
                    .partitionsToOffsetAndMetadata()
                    .get();
            for (int partition = 0; partition < 2; partition++) {
                int number = partition;
                long last = read(Topics.LABELLED_IMAGES.name()).stream()
                        .filter(record -> record.partition() == number)
                        .mapToLong(ConsumerRecord::offset)
                        .max()
                        .orElseThrow();
                assertThat(committed)
                        .containsEntry(
                                new TopicPartition("labelled-images", partition), new OffsetAndMetadata(last + 1));
            }
        }
    }

    private void checkEndpoints() throws Exception {
        assertThat(get("q/health"))
                .contains("\"topology\"", "\"packer\"", "\"progress\"")
                .doesNotContain("DOWN");
        assertThat(get("q/metrics"))
                .contains("murmuration_filter_photos_total{outcome=\"unsure\",} 6.0")
                .contains("murmuration_filter_dataset_photos_total")
                .contains("murmuration_shards_samples_total");
    }

    private String get(String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(self.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
