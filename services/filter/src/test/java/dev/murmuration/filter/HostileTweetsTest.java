package dev.murmuration.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.filter.dataset.Balance;
import dev.murmuration.filter.dataset.DataSet;
import dev.murmuration.filter.dataset.Origin;
import dev.murmuration.filter.shard.PackedStream;
import dev.murmuration.filter.topology.Filtering;
import dev.murmuration.filter.topology.Tweets;
import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Thresholds;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From scored tweets of any times, scores, sizes and photos to shards: nothing ends the stream, every photo has exactly one fate,
 * and whatever is refused has a reason. Two seeds in a build; {@code -Dfuzz.seconds=600} takes others for so long.
 */
class HostileTweetsTest {

    private static final int TWEETS = 100;

    @TempDir
    private Path folder;

    private final List<TestPhoto> photos =
            IntStream.range(0, 12).mapToObj(i -> TestPhoto.jpeg(i, 40, 40)).toList();

    private MemoryStore objects;
    private ObjectStore store;

    @BeforeEach
    void start() throws IOException {
        objects = new MemoryStore();
        store = objects.client();
        photos.forEach(photo -> store.putIfAbsent(photo.key(), photo.file(), photo.mediaType()));
    }

    @AfterEach
    void stop() {
        objects.close();
    }

    @Test
    void endNothingAndHaveOneFateEach() throws Exception {
        long until = System.nanoTime() + Long.getLong("fuzz.seconds", 0) * 1_000_000_000L;
        boolean isLong = Long.getLong("fuzz.seconds") != null;
        long first = isLong ? System.nanoTime() : 1;
        for (long seed = first; isLong ? System.nanoTime() < until : seed < first + 2; seed++) {
            Map<String, Integer> fates = run(seed);
            System.out.printf("seed %d: %s%n", seed, fates);
        }
    }

    /** What was sent, and what may not become of it. */
    private record Sent(@Nullable ScoredTweet event, boolean isSound, boolean isUnusable) {}

    private Map<String, Integer> run(long seed) throws Exception {
        Random random = new Random(seed);
        OddScoredTweets odd = new OddScoredTweets(random, photos);
        Map<String, Integer> fates = new TreeMap<>();
        List<Sent> sent = new ArrayList<>();
        List<TestRecord<byte[], byte[]>> labelled;
        List<Rejection> rejections;
        List<TestRecord<byte[], byte[]>> letters;
        Thresholds flat = Tweets.preset("flat").thresholds();
        Path state = folder.resolve("state-" + seed);
        try (Filtering filter = new Filtering(
                state,
                new DataSet("all", flat, new Balance.None(), Origin.EVERYWHERE, true),
                Tweets.preset("bal"),
                new DataSet("of-x", flat, new Balance.None(), Set.of("x")))) {
            for (int i = 0; i < TWEETS; i++) {
                sent.add(send(filter, random, odd, "%d-%d".formatted(seed, i)));
            }
            filter.end(new EndOfFeed("f", 0, 1));
            labelled = filter.passed();
            rejections = filter.rejections();
            letters = filter.deadLetters();
            filter.candidates().forEach(HostileTweetsTest::isNotTooLarge);
        }
        labelled.forEach(HostileTweetsTest::isNotTooLarge);
        letters.forEach(HostileTweetsTest::fitsIntoARequest);
        Set<Long> buried = buried(letters, fates);
        Map<String, Integer> times = new HashMap<>();
        Map<String, LabelledImage> taken = new HashMap<>();
        for (TestRecord<byte[], byte[]> record : labelled) {
            if (record.value() != null) {
                LabelledImage image = Filtering.labelled(record.value());
                String photo = image.getTweetId() + "/" + image.getImage().getIndex();
                times.merge(photo, 1, Integer::sum);
                taken.put(photo, image);
            }
        }
        rejections.forEach(rejection -> times.merge(counted(rejection, fates), 1, Integer::sum));
        Set<String> sound = new HashSet<>();
        for (int i = 0; i < sent.size(); i++) {
            ScoredTweet event = sent.get(i).event();
            assertThat(sent.get(i).isSound() && buried.contains((long) i))
                    .as("%s is sound and a dead letter", event)
                    .isFalse();
            assertThat(sent.get(i).isUnusable() && !buried.contains((long) i))
                    .as("%s has another key or scores that are no probabilities, and is no dead letter", event)
                    .isFalse();
            if (event == null || buried.contains((long) i)) {
                continue;
            }
            for (Image image : event.getTweet().getImages()) {
                String photo = event.getTweet().getId() + "/" + image.getIndex();
                assertThat(times.remove(photo)).as("fates of %s", photo).isEqualTo(1);
                if (sent.get(i).isSound()) {
                    sound.add(photo);
                }
            }
        }
        assertThat(times).as("photos that nobody sent").isEmpty();
        rejections.stream()
                .filter(rejection -> sound.contains(photo(rejection)))
                .forEach(rejection -> assertThat(rejection.getReason()).isNotEqualTo("unprocessable"));
        pack(random, odd, labelled, taken, sound, fates);
        return fates;
    }

    private void pack(
            Random random,
            OddScoredTweets odd,
            List<TestRecord<byte[], byte[]>> labelled,
            Map<String, LabelledImage> taken,
            Set<String> sound,
            Map<String, Integer> fates)
            throws InterruptedException, IOException {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (TestRecord<byte[], byte[]> each : labelled) {
            // Most photos are not in the store, and would be refused for that whatever else is wrong.
            if (each.value() != null && random.nextInt(isStored(each.value()) ? 2 : 50) == 0) {
                records.add(twisted(random, odd, records.size(), each.value(), taken));
            }
            ConsumerRecord<byte[], byte[]> record =
                    new ConsumerRecord<>("labelled-images", 0, records.size(), each.key(), each.value());
            each.headers().forEach(record.headers()::add);
            records.add(record);
        }
        PackedStream packed = PackedStream.of(
                store,
                records,
                record -> Filtering.decoded(record.headers(), record.value(), LabelledImage::fromByteBuffer),
                (topic, event) -> Filtering.bytes(event),
                Filtering.MAX_BYTES);

        Map<String, Integer> refused = new HashMap<>();
        for (ProducerRecord<byte[], byte[]> record : packed.records()) {
            fitsIntoARequest(new TestRecord<>(record.key(), record.value(), record.headers()));
            if (record.topic().equals("rejections")) {
                Rejection rejection = Filtering.rejection(record.value());
                refused.merge(counted(rejection, fates), 1, Integer::sum);
                assertThat(sound.contains(photo(rejection))
                                && rejection.getReason().equals("unprocessable"))
                        .as("%s, which is sound", rejection)
                        .isFalse();
            } else if (record.topic().equals("filter-dead-letters")) {
                fates.merge("shards: dead letter", 1, Integer::sum);
            }
        }
        Map<String, Set<String>> samples = new HashMap<>();
        for (Shard shard : packed.shards()) {
            // Of labels that do not say it, of data sets that are not configured: nothing is stated.
            assertThat(shard.getThresholds().getPositive()).isIn(0.7, 0.9, Double.NaN);
            samples.computeIfAbsent(shard.getDataset(), name -> new HashSet<>()).addAll(keys(shard));
        }
        taken.forEach((photo, image) -> {
            String key =
                    PackedStream.sampleKey(image.getTweetId(), image.getImage().getIndex());
            boolean isRefused = refused.containsKey(photo);
            assertThat(refused.getOrDefault(photo, 1))
                    .as("rejections of %s", photo)
                    .isEqualTo(1);
            for (String dataset : image.getDatasets()) {
                boolean isPacked = samples.getOrDefault(dataset, Set.of()).contains(key);
                assertThat(isPacked)
                        .as("%s of %s: packed, else refused", photo, dataset)
                        .isNotEqualTo(isRefused);
            }
            fates.merge(isRefused ? "shards: refused" : "shards: packed", 1, Integer::sum);
        });
    }

    private Set<String> keys(Shard shard) throws IOException {
        Fetched<byte[]> fetched = store.get(shard.getKey(), shard.getSha256());
        assertThat(fetched).as(shard.getKey()).isInstanceOf(Fetched.Found.class);
        Set<String> keys = new HashSet<>();
        int files = 0;
        byte[] tar = ((Fetched.Found<byte[]>) fetched).value();
        try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files++;
                assertThat(entry.getName()).matches("[0-9a-f]{16}-\\d+\\.(jpg|json|cls)");
                keys.add(entry.getName().split("\\.", 2)[0]);
                if (entry.getName().endsWith(".json")) {
                    JsonNode scores =
                            new ObjectMapper().readTree(in.readAllBytes()).get("scores");
                    assertThat(scores).hasSize(3).allMatch(JsonNode::isNumber);
                    assertThat(scores).allMatch(score -> isProbability(score.doubleValue()));
                }
            }
        }
        assertThat(files).isEqualTo(3 * shard.getSamples());
        assertThat(keys).hasSize(shard.getSamples());
        return keys;
    }

    // ---- what is sent ----

    private static Sent send(Filtering filter, Random random, OddScoredTweets odd, String id) {
        int kind = random.nextInt(20);
        if (kind == 0) {
            filter.delete(random.nextBoolean() ? null : id);
            return new Sent(null, false, false);
        }
        boolean isSound = kind > 7;
        ScoredTweet event = kind == 3 ? odd.atTheLimit(id) : odd.sound(id);
        for (int i = isSound || kind == 3 ? 0 : 1 + random.nextInt(2); i > 0; i--) {
            event = odd.odd(event);
        }
        byte[] bytes = Filtering.bytes(event);
        String key = kind == 1 ? "another" : event.getTweet().getId();
        if (kind == 2) {
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[10 + random.nextInt(bytes.length - 10)] ^= (byte) (1 << random.nextInt(8));
            }
        }
        filter.send(key, bytes);
        return Filtering.decoded(null, bytes) instanceof Decoded.Event<ScoredTweet>(ScoredTweet read)
                ? new Sent(
                        read,
                        isSound && bytes.length < Filtering.MAX_BYTES - 10_000,
                        !text(utf8(key)).equals(read.getTweet().getId()) || !areProbabilities(read.getScores()))
                : new Sent(null, false, false);
    }

    /** A record as another, or a broken, filter would write it, beside the one that it is made of. */
    private static ConsumerRecord<byte[], byte[]> twisted(
            Random random, OddScoredTweets odd, long offset, byte[] value, Map<String, LabelledImage> taken) {
        switch (random.nextInt(10)) {
            case 0 -> {
                byte[] torn = value.clone();
                torn[10 + random.nextInt(torn.length - 10)] ^= 0x40;
                return new ConsumerRecord<>("labelled-images", 0, offset, utf8("torn"), new byte[] {torn[10]});
            }
            case 1 -> {
                return new ConsumerRecord<>("labelled-images", 0, offset, null, null);
            }
            default -> {
                LabelledImage made = odd.odd(Filtering.labelled(value), "twisted-" + offset);
                taken.put(made.getTweetId() + "/" + made.getImage().getIndex(), made);
                return new ConsumerRecord<>(
                        "labelled-images", 0, offset, utf8(made.getTweetId()), Filtering.bytes(made));
            }
        }
    }

    private boolean isStored(byte[] labelled) {
        String key = Filtering.labelled(labelled).getImage().getKey();
        return photos.stream().anyMatch(photo -> photo.key().equals(key));
    }

    // ---- what comes of it ----

    private static Set<Long> buried(List<TestRecord<byte[], byte[]>> letters, Map<String, Integer> fates) {
        Set<Long> buried = new HashSet<>();
        for (TestRecord<byte[], byte[]> letter : letters) {
            assertThat(text(letter.headers().lastHeader(DeadLetter.REASON))).isNotBlank();
            assertThat(text(letter.headers().lastHeader(DeadLetter.TOPIC))).isEqualTo("scored-tweets");
            assertThat(buried.add(Long.parseLong(text(letter.headers().lastHeader(DeadLetter.OFFSET)))))
                    .isTrue();
            fates.merge("filter: dead letter", 1, Integer::sum);
        }
        return buried;
    }

    private static String counted(Rejection rejection, Map<String, Integer> fates) {
        assertThat(rejection.getReason()).isNotBlank();
        assertThat(rejection.getDetail()).isNotBlank().hasSizeLessThan(1000).doesNotContainPattern("[\\x00-\\x1f]");
        fates.merge(rejection.getStage() + ": " + rejection.getReason(), 1, Integer::sum);
        return photo(rejection);
    }

    private static String photo(Rejection rejection) {
        return rejection.getTweetId() + "/" + rejection.getImageIndex();
    }

    private static boolean areProbabilities(Scores scores) {
        return isProbability(scores.getNegative())
                && isProbability(scores.getNeutral())
                && isProbability(scores.getPositive());
    }

    private static boolean isProbability(double score) {
        return score >= 0 && score <= 1;
    }

    private static void isNotTooLarge(TestRecord<byte[], byte[]> record) {
        assertThat(DeadLetter.bytes(record.key(), record.value(), record.headers()))
                .isLessThanOrEqualTo(Filtering.MAX_BYTES);
    }

    /** A dead letter has its reason and where it was read besides. */
    private static void fitsIntoARequest(TestRecord<byte[], byte[]> record) {
        assertThat(DeadLetter.bytes(record.key(), record.value(), record.headers()))
                .isLessThan(Filtering.MAX_BYTES + 5_000L);
    }

    private static String text(Header header) {
        return text(header.value());
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
