package dev.murmuration.filter.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.filter.lineage.LineageEvents;
import dev.murmuration.filter.lineage.SampleIndex;
import dev.murmuration.filter.shard.Shards;
import dev.murmuration.local.TestPlatform;
import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.LearnedShard;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import dev.murmuration.stage.store.ObjectStore;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The command on the real platform, with shards that the packer's own code sealed. {@code -Dlineage.tweets=100000} measures it on
 * that many; it then takes minutes to prepare.
 */
@Timeout(value = 900, unit = TimeUnit.SECONDS)
class LineageIT {

    private static final int TWEETS = Integer.getInteger("lineage.tweets", 1_000);
    private static final int PER_SHARD = 500;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final TestPipeline pipeline = new TestPipeline(Map.of());
    private final StringWriter out = pipeline.out;
    private final StringWriter err = pipeline.err;
    private final ObjectStore store = pipeline.store;

    @BeforeEach
    void emptiesTheTopics() {
        TestPlatform.recreateTopics();
        store.list(SampleIndex.PREFIX).forEach(object -> store.delete(object.key()));
    }

    @AfterEach
    void closes() {
        pipeline.close();
    }

    @Test
    void walksAnAccuracyDownToATweetAndTheTweetBackToTheAccuracy() throws Exception {
        Shard shard = send(0, List.of(labelled(1), labelled(2)));
        Shard later = send(2, List.of(labelled(3)));
        Checkpoint first = checkpoint(10, "", shard);
        Checkpoint second = checkpoint(20, first.getSha256(), later);
        send(LineageEvents.accuracy(first));
        send(LineageEvents.accuracy(second));
        pipeline.producer.flush();

        JsonNode accuracy = json("accuracy", "run@20:sim:three-way");
        assertThat(accuracy.at("/origins/counts/tweet").asInt()).isEqualTo(3);
        assertThat(accuracy.at("/origins/counts/checkpoint").asInt()).isEqualTo(2);
        assertThat(accuracy.at("/origins/nodes").findValuesAsText("id"))
                .contains(
                        shard.getKey(),
                        later.getKey(),
                        id(1),
                        labelled(2).getImage().getSha256());

        JsonNode tweet = json("tweet", id(3));
        assertThat(tweet.at("/start/facts/source").asText()).isEqualTo("recorded");
        assertThat(tweet.at("/start/facts/scores").asText()).startsWith("negative 0.");
        assertThat(tweet.at("/origins/counts/teacher").asInt()).isEqualTo(1);
        assertThat(tweet.at("/results/counts/accuracy").asInt()).isEqualTo(1);
        assertThat(tweet.at("/results/nodes").findValuesAsText("name")).contains("run@20", "run@20:sim:three-way");

        JsonNode photo = json("photo", labelled(1).getImage().getSha256());
        assertThat(photo.at("/origins/nodes").findValuesAsText("id"))
                .contains(id(1))
                .doesNotContain(id(2));
        assertThat(photo.at("/results/counts/accuracy").asInt()).isEqualTo(2);

        assertThat(json("shard", later.getSha256())
                        .at("/results/counts/accuracy")
                        .asInt())
                .isEqualTo(1);
        assertThat(pipeline.run("lineage", "accuracy")).isZero();
        assertThat(out.toString().lines()).containsExactly("run@10:sim:three-way", "run@20:sim:three-way");
        assertThat(pipeline.run("lineage", "checkpoint", "run", "--dot")).isZero();
        assertThat(out.toString()).startsWith("digraph lineage {").contains("\"tweet " + id(1) + "\"");
        assertThat(pipeline.run("lineage", "tweet", "nobody's")).isEqualTo(1);
        assertThat(err.toString()).endsWith("there is no tweet nobody's\n");
    }

    @Test
    void makesTheIndexAgainWhereItIsMissingDamagedOrOfAShardThatIsGone() throws Exception {
        Shard shard = send(0, List.of(labelled(1), labelled(2)));
        pipeline.producer.flush();
        String key = SampleIndex.PREFIX + shard.getSha256();
        assertThat(json("tweet", id(1)).at("/results/counts/shard").asInt()).isEqualTo(1);
        assertThat(err.toString()).contains("1 shards were indexed");

        store.put(key, new byte[] {1, 2, 3}, "application/gzip");
        store.put(SampleIndex.PREFIX + "of-a-shard-that-is-gone", new byte[] {1}, "application/gzip");
        assertThat(json("tweet", id(2)).at("/results/counts/shard").asInt()).isEqualTo(1);

        assertThat(store.list(SampleIndex.PREFIX))
                .singleElement()
                .satisfies(object -> assertThat(object.key()).isEqualTo(key));
        assertThat(pipeline.run("lineage", "--rebuild")).isZero();
        assertThat(err.toString()).endsWith("1 shards were indexed\n");
    }

    @Test
    void answersWithinTenSecondsOnceTheIndexIsMade() throws Exception {
        List<Shard> shards = new ArrayList<>();
        for (int from = 0; from < TWEETS; from += PER_SHARD) {
            List<LabelledImage> samples = new ArrayList<>();
            for (int i = from; i < Math.min(TWEETS, from + PER_SHARD); i++) {
                samples.add(labelled(i));
            }
            shards.add(send(from, samples));
        }
        Checkpoint checkpoint = checkpoint(10, "", shards.toArray(Shard[]::new));
        send(LineageEvents.accuracy(checkpoint));
        pipeline.producer.flush();
        long begin = System.nanoTime();
        assertThat(pipeline.run("lineage", "--rebuild")).isZero();
        Duration building = Duration.ofNanos(System.nanoTime() - begin);

        Duration accuracy = timed("/origins/counts/tweet", TWEETS, "accuracy", "run");
        Duration shard =
                timed("/results/counts/accuracy", 1, "shard", shards.getFirst().getSha256());
        Duration tweet = timed("/results/counts/accuracy", 1, "tweet", id(TWEETS / 2));
        Duration photo = timed(
                "/results/counts/accuracy",
                1,
                "photo",
                labelled(TWEETS / 2).getImage().getSha256());

        System.out.printf(
                "%,d tweets in %,d shards: index made in %s; accuracy %s, shard %s, tweet %s, photo %s%n",
                TWEETS, shards.size(), building, accuracy, shard, tweet, photo);
        assertThat(List.of(accuracy, shard, tweet, photo)).allMatch(time -> time.compareTo(LIMIT) < 0);
    }

    private Duration timed(String pointer, int count, String... subject) throws Exception {
        long begin = System.nanoTime();
        assertThat(json(subject).at(pointer).asInt()).isEqualTo(count);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private JsonNode json(String... subject) throws Exception {
        assertThat(pipeline.run("lineage", subject[0], subject[1], "--json"))
                .as(err.toString())
                .isZero();
        return new ObjectMapper().readTree(out.toString());
    }

    private static String id(int i) {
        return "tweet-" + i;
    }

    private static LabelledImage labelled(int i) {
        return Shards.labelled(id(i), 0, List.of(Sentiment.values()).get(i % 3), "photo " + i);
    }

    private Shard send(long firstOffset, List<LabelledImage> samples) {
        Shard shard = Shards.seal(store, "lineage", Split.train, firstOffset, samples);
        for (LabelledImage sample : samples) {
            Tweet tweet = new Tweet(
                    sample.getTweetId(),
                    "recorded",
                    "",
                    "en",
                    "text",
                    Instant.EPOCH,
                    Instant.EPOCH,
                    List.of(sample.getImage()),
                    "");
            pipeline.send(Topics.TWEETS, tweet.getId(), tweet);
            pipeline.send(
                    Topics.SCORED_TWEETS,
                    tweet.getId(),
                    new ScoredTweet(tweet, sample.getScores(), sample.getTeacher(), Instant.EPOCH));
        }
        pipeline.send(Topics.SHARDS, shard.getDataset(), shard);
        return shard;
    }

    private Checkpoint checkpoint(long step, String continues, Shard... learned) {
        Checkpoint checkpoint = LineageEvents.checkpoint(
                        "lineage", step, "checkpoints/run/" + step, Sha256.hex("run" + step))
                .setContinues(continues)
                .setLearned(List.of(learned).stream()
                        .map(shard -> new LearnedShard(shard.getKey(), shard.getSamples()))
                        .toList())
                .setSettings("seed 1")
                .build();
        pipeline.send(Topics.CHECKPOINTS, checkpoint.getRun(), checkpoint);
        return checkpoint;
    }

    private void send(Accuracy accuracy) {
        pipeline.send(Topics.ACCURACIES, "run", accuracy);
    }
}
