package dev.murmuration.filter.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.filter.lineage.LineageEvents;
import dev.murmuration.filter.lineage.SampleIndex;
import dev.murmuration.filter.shard.Shards;
import dev.murmuration.local.TestPlatform;
import dev.murmuration.schemas.AuthorHash;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.LearnedShard;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import dev.murmuration.shard.Redactions;
import dev.murmuration.stage.store.ObjectStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Plants a person's tweets and photos on the real platform, erases them, and searches every file of broker and store for what is left. */
@Timeout(value = 900, unit = TimeUnit.SECONDS)
@EnabledIfSystemProperty(
        named = "slow.tests",
        matches = "true",
        disabledReason =
                "waits minutes for compaction: mvn -Dquick -pl services/filter test -Dtest=SubjectIT -Dslow.tests=true")
class SubjectIT {

    private static final Duration PATIENCE = Duration.ofMinutes(6);
    private static final String SALT = "a salt of the test";
    private static final String AUTHOR = "author-31415";
    private static final String TEXT = "what-only-this-person-wrote";
    private static final String ID = "subject-7f3a9c21";
    private static final String OTHER = "bystander-5d1e";

    @TempDir
    private Path folder;

    private final TestPipeline pipeline = new TestPipeline(Map.of("crawler.author-salt", SALT));
    private final StringWriter out = pipeline.out;
    private final StringWriter err = pipeline.err;
    private final ObjectStore store = pipeline.store;
    private final KafkaProducer<byte[], byte[]> producer = pipeline.producer;

    @BeforeEach
    void emptiesTheTopics() {
        TestPlatform.recreateTopics();
    }

    @AfterEach
    void closes() {
        pipeline.close();
    }

    @Test
    void erasesAPersonSoThatNoFileOfBrokerAndStoreHoldsAnythingOfThem() throws Exception {
        hurryTheBroker();
        LabelledImage theirs = labelled(ID, TEXT, "pixels-of-the-subject");
        LabelledImage bystanders = labelled(OTHER, "what somebody else wrote", "pixels of the other");
        Shard shard = plant(List.of(theirs, bystanders));
        Checkpoint checkpoint = checkpoint("run", shard);
        pipeline.send(Topics.CHECKPOINTS, "run", checkpoint);
        ConsumerRecord<byte[], byte[]> read = new ConsumerRecord<>(
                "tweets", 0, 3, ID.getBytes(UTF_8), pipeline.pipeline.encoded(Topics.TWEETS, tweet(theirs, AUTHOR)));
        pipeline.sent.add(producer.send(DeadLetter.of("teacher", read, "for a test")));
        pipeline.send(Topics.REJECTIONS, ID, new Rejection(ID, 1, "crawler", "image-missing", "gone", Instant.EPOCH));
        producer.flush();
        assertThat(pipeline.run("lineage", "tweet", ID)).isZero(); // Makes the index.
        for (String secret : List.of(TEXT, ID, "photo of " + ID, "pixels-of-the-subject")) {
            assertThat(files(secret)).as(secret).isNotEmpty();
        }

        assertThat(pipeline.run("subject", "--author", AUTHOR))
                .as(err.toString())
                .isZero();
        assertThat(out.toString().lines().map(String::strip))
                .contains(
                        "1 tweets",
                        ID,
                        "1 photos",
                        "1 records on labelled-images",
                        "1 records on rejections",
                        "1 records on scored-tweets",
                        "1 records on teacher-dead-letters",
                        "1 records on tweets",
                        "1 shards",
                        shard.getKey() + "  (1 samples)",
                        "run@10  (1 samples)")
                .doesNotContain(OTHER);
        assertThat(pipeline.run("subject", "--author", AUTHOR, "--erase", "--dry-run"))
                .isZero();
        assertThat(store.exists(shard.getKey())).isTrue();
        assertThat(pipeline.run("signing-key", folder.resolve("key").toString()))
                .isZero();
        assertThat(pipeline.run(
                        "subject",
                        "--author",
                        AUTHOR,
                        "--erase",
                        "--receipt",
                        folder.resolve("receipt").toString(),
                        "--sign",
                        folder.resolve("key").toString()))
                .as(err.toString())
                .isZero();

        awaitNothingOf(List.of(TEXT, ID, "photo of " + ID, "pixels-of-the-subject"));
        assertThat(files("what somebody else wrote")).isNotEmpty();
        assertThat(files("photo of " + OTHER)).isNotEmpty();
        assertThat(store.exists(SampleIndex.PREFIX + shard.getSha256())).isFalse();
        assertThat(store.exists(Redactions.objectKey(ID))).isTrue();
        assertThat(pipeline.run(
                        "verify", folder.resolve("receipt").toString(), "--key", folder.resolve("key") + ".pub"))
                .isZero();
        JsonNode receipt = new ObjectMapper()
                .readTree(folder.resolve("receipt/receipt.json").toFile());
        assertThat(receipt.path("samplesTakenOut").asInt()).isEqualTo(1);
        assertThat(receipt.at("/checkpoints/0/sha256").asText()).isEqualTo(checkpoint.getSha256());
        assertThat(receipt.at("/checkpoints/0/samples").asInt()).isEqualTo(1);
        assertThat(pipeline.run("subject", "--tweet", ID)).isZero();
        assertThat(out.toString())
                .contains("0 photos", "0 shards", "0 checkpoints")
                .doesNotContain("records on");
        assertThat(pipeline.run("lineage", "checkpoint", "run")).isZero();
        assertThat(out.toString()).contains("1 of its samples", OTHER).doesNotContain(ID);
    }

    @Test
    void keepsAPhotoThatAnotherTweetRefersToAndPutsNoErasedTweetBack() throws Exception {
        LabelledImage theirs = labelled(ID + "-b", TEXT, "pixels of both");
        LabelledImage bystanders = labelled(OTHER + "-b", "another text", "pixels of both");
        plant(List.of(theirs, bystanders));
        byte[] value = pipeline.pipeline.encoded(Topics.TWEETS, tweet(theirs, AUTHOR));
        pipeline.sent.add(producer.send(DeadLetter.of(
                "teacher",
                new ConsumerRecord<>("tweets", 0, 3, theirs.getTweetId().getBytes(UTF_8), value),
                "again")));
        producer.flush();

        assertThat(pipeline.run("subject", "--tweet", theirs.getTweetId(), "--erase"))
                .as(err.toString())
                .isZero();

        assertThat(store.exists(theirs.getImage().getKey())).isTrue();
        assertThat(pipeline.run("replay-dead-letters", "teacher")).isZero();
        assertThat(out.toString()).contains("0 letters put back", "1  left, since its tweet was deleted");
    }

    @Test
    void doesTheRestOfAnErasureThatFailedAfterItsTombstones() throws Exception {
        LabelledImage theirs = labelled(ID + "-c", TEXT, "pixels of the third");
        Shard shard = plant(List.of(theirs, labelled(OTHER + "-c", "a third text", "pixels of a fourth")));
        pipeline.send(Topics.CHECKPOINTS, "again", checkpoint("again", shard)); // The store keeps marks of other tests.
        pipeline.sent.add(producer.send(
                new ProducerRecord<>(Topics.TWEETS.name(), theirs.getTweetId().getBytes(UTF_8), null)));
        producer.flush();

        assertThat(pipeline.run("subject", "--author", AUTHOR, "--erase"))
                .as(err.toString())
                .isZero();

        assertThat(store.exists(theirs.getImage().getKey())).isFalse();
        assertThat(store.exists(shard.getKey())).isFalse();
        assertThat(pipeline.run("subject", "--author", AUTHOR, "--erase"))
                .as(err.toString())
                .isZero();
        assertThat(pipeline.run("lineage", "checkpoint", "again")).isZero();
        assertThat(out.toString()).contains("1 of its samples");
    }

    @Test
    void tellsOfNobodyWithoutTheSalt() {
        int code = Commands.run(
                TestPipeline.config(Map.of()),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                "subject",
                "--author",
                AUTHOR);

        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).contains("crawler.author-salt is not set").hasLineCount(1);
    }

    // Compaction and the end of the topics' time within seconds. With both policies it is the cleaner that deletes,
    // which does not wait for five minutes.
    private static void hurryTheBroker() throws Exception {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (Topic topic : Topics.ALL) {
            Map<String, String> hurried = new HashMap<>(Map.of(
                    "segment.ms",
                    "50",
                    "min.cleanable.dirty.ratio",
                    "0.0",
                    "max.compaction.lag.ms",
                    "100",
                    "delete.retention.ms",
                    "1",
                    "file.delete.delay.ms",
                    "1"));
            if (topic.policy() == Topic.Policy.DELETE) {
                hurried.put("cleanup.policy", "compact,delete");
            }
            changes.put(resource(topic), changes(hurried));
        }
        alter(changes);
    }

    private static void alter(Map<ConfigResource, Collection<AlterConfigOp>> changes) throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", TestPlatform.settings().bootstrapServers()))) {
            admin.incrementalAlterConfigs(changes).all().get(60, TimeUnit.SECONDS);
        }
    }

    private static ConfigResource resource(Topic topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }

    private static List<AlterConfigOp> changes(Map<String, String> values) {
        return values.entrySet().stream()
                .map(value ->
                        new AlterConfigOp(new ConfigEntry(value.getKey(), value.getValue()), AlterConfigOp.OpType.SET))
                .toList();
    }

    private void awaitNothingOf(List<String> secrets) throws Exception {
        Map<ConfigResource, Collection<AlterConfigOp>> passed = new HashMap<>();
        Topics.ALL.stream()
                .filter(topic -> topic.policy() == Topic.Policy.DELETE)
                .forEach(topic -> passed.put(resource(topic), changes(Map.of("retention.ms", "1"))));
        alter(passed);
        Instant end = Instant.now().plus(PATIENCE);
        Map<String, List<Path>> left;
        do {
            // The newest segment of a partition is never cleaned: what follows makes it an older one.
            for (Topic topic : Topics.ALL) {
                for (int partition = 0;
                        partition < producer.partitionsFor(topic.name()).size();
                        partition++) {
                    producer.send(new ProducerRecord<>(topic.name(), partition, "later".getBytes(UTF_8), null))
                            .get();
                }
            }
            left = new HashMap<>();
            for (String secret : secrets) {
                List<Path> files = files(secret);
                if (!files.isEmpty()) {
                    left.put(secret, files);
                }
            }
        } while (!left.isEmpty() && Instant.now().isBefore(end));
        assertThat(left).isEmpty();
    }

    /** The files of broker, registry and store that hold these bytes, or have them in their names. */
    private static List<Path> files(String secret) throws IOException {
        byte[] bytes = secret.getBytes(UTF_8);
        try (Stream<Path> files = Files.walk(TestPlatform.settings().directory())) {
            return files.filter(file ->
                            Files.isRegularFile(file) && (file.toString().contains(secret) || holds(file, bytes)))
                    .toList();
        } catch (UncheckedIOException e) {
            return files(secret); // A segment went away meanwhile.
        }
    }

    private static boolean holds(Path file, byte[] bytes) {
        try {
            return new String(Files.readAllBytes(file), ISO_8859_1).contains(new String(bytes, ISO_8859_1));
        } catch (IOException e) {
            return false; // Gone since it was listed.
        }
    }

    private static LabelledImage labelled(String id, String text, String photo) {
        return LabelledImage.newBuilder(Shards.labelled(id, 0, Sentiment.positive, photo))
                .setText(text)
                .setAuthorHash("")
                .build();
    }

    private static Tweet tweet(LabelledImage labelled, String author) {
        return new Tweet(
                labelled.getTweetId(),
                "recorded",
                new AuthorHash(SALT).of("recorded", author),
                "en",
                String.valueOf(labelled.getText()),
                Instant.EPOCH,
                Instant.EPOCH,
                List.of(labelled.getImage()),
                "");
    }

    private Shard plant(List<LabelledImage> samples) {
        List<LabelledImage> packed = new ArrayList<>(samples);
        for (LabelledImage sample : samples) {
            Tweet tweet = tweet(sample, sample.getTweetId().startsWith(ID) ? AUTHOR : "somebody-else");
            store.put(
                    sample.getImage().getKey(),
                    sample.getTweetId().startsWith(ID) ? "pixels-of-the-subject".getBytes(UTF_8) : new byte[] {1},
                    "image/jpeg");
            pipeline.send(Topics.TWEETS, tweet.getId(), tweet);
            pipeline.send(
                    Topics.SCORED_TWEETS,
                    tweet.getId(),
                    new ScoredTweet(tweet, sample.getScores(), sample.getTeacher(), Instant.EPOCH));
            pipeline.send(Topics.LABELLED_IMAGES, tweet.getId(), sample);
        }
        Shard shard = Shards.seal(store, "subject", Split.train, 0, packed);
        pipeline.send(Topics.SHARDS, shard.getDataset(), shard);
        return shard;
    }

    private static Checkpoint checkpoint(String run, Shard shard) {
        return LineageEvents.checkpoint("subject", 10, "checkpoints/" + run + "/10", Sha256.hex(run + "10"))
                .setRun(run)
                .setLearned(List.of(new LearnedShard(shard.getKey(), shard.getSamples())))
                .build();
    }
}
