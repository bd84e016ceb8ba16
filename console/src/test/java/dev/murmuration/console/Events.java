package dev.murmuration.console;

import dev.murmuration.console.topic.Position;
import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.PerClass;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.ShardOffset;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Teacher;
import dev.murmuration.schemas.Thresholds;
import dev.murmuration.schemas.Tweet;
import dev.murmuration.schemas.Validation;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/** Events for tests. */
public final class Events {

    /** When everything happened. */
    public static final Instant TIME = Instant.parse("2026-11-30T12:00:00Z");

    private static final Teacher TEACHER = new Teacher("bundled", "0123456789abcdef");

    private Events() {}

    /** A position on a topic. */
    public static Position at(String topic, long offset) {
        return new Position(topic, 0, offset, TIME.plusSeconds(offset));
    }

    /** A photo whose bytes are the ASCII of its name. */
    public static Image image(String name) {
        return image(Sha256.hex(name), name.length());
    }

    /** A photo of this hash. */
    public static Image image(String sha256, long bytes) {
        return new Image(
                0,
                "https://example.org/photo.png",
                "images/%s/%s.png".formatted(sha256.substring(0, 2), sha256),
                sha256,
                bytes,
                "image/png",
                640,
                480,
                ByteBuffer.allocate(32),
                100);
    }

    /** A tweet with these photos. */
    public static Tweet tweet(String id, String text, Image... images) {
        return new Tweet(id, "recorded", "", "en", text, TIME, TIME, List.of(images), "");
    }

    /** The tweet as the teacher scored it. */
    public static ScoredTweet scored(Tweet tweet, double negative, double neutral, double positive) {
        return new ScoredTweet(tweet, new Scores(negative, neutral, positive), TEACHER, TIME);
    }

    /** The tweet's first photo as the filter labelled it for {@code flat}. */
    public static LabelledImage labelled(ScoredTweet scored, Sentiment label) {
        return new LabelledImage(
                scored.getTweet().getId(),
                "recorded",
                "",
                scored.getTweet().getImages().getFirst(),
                scored.getTweet().getText(),
                scored.getScores(),
                label,
                TEACHER,
                List.of("flat"),
                Split.train,
                TIME,
                TIME,
                List.of(new Thresholds(0.7, 0.7, 0.7)));
    }

    /** A labelled photo of its own tweet. */
    public static LabelledImage labelled(String id, String text) {
        return labelled(scored(tweet(id, text, image(id)), 0.05, 0.05, 0.9), Sentiment.positive);
    }

    /** A shard of these samples, packed from these offsets of partition 0. */
    public static Shard shard(
            String dataset,
            Split split,
            String key,
            long negative,
            long neutral,
            long positive,
            long first,
            long last) {
        return new Shard(
                dataset,
                split,
                key,
                Sha256.hex(key),
                1000L,
                (int) (negative + neutral + positive),
                new PerClass(negative, neutral, positive),
                0,
                first,
                last,
                TEACHER,
                new Thresholds(0.7, 0.7, 0.7),
                TIME);
    }

    /** A checkpoint on {@code flat}, 16 samples and a second a step, which has read {@code shards} up to this offset. */
    public static Checkpoint checkpoint(String run, long step, long offset) {
        return new Checkpoint(
                run,
                "vit-demo-16-64",
                "distil",
                step,
                16 * step,
                "checkpoints/%s/%d.tar".formatted(run, step),
                Sha256.hex(run + step),
                "flat",
                List.of(new ShardOffset(0, offset)),
                1.0 / step,
                new Validation(100, 0.5, 0.8),
                TIME.plusSeconds(step),
                "",
                null,
                "");
    }

    /** What a checkpoint got right on a benchmark by {@code zero-shot}: 70 %, 60 to 80. */
    public static Accuracy accuracy(Checkpoint checkpoint, String benchmark, List<List<Long>> confusion) {
        return Accuracy.newBuilder()
                .setCheckpoint(checkpoint)
                .setBenchmark(benchmark)
                .setBenchmarkSha256("")
                .setProtocol("zero-shot")
                .setSamples(confusion.stream()
                        .flatMap(List::stream)
                        .mapToLong(Long::longValue)
                        .sum())
                .setAccuracy(0.7)
                .setLow95(0.6)
                .setHigh95(0.8)
                .setMacroF1(0.69)
                .setPerClass(List.of())
                .setConfusion(confusion)
                .setCreatedAt(TIME)
                .build();
    }
}
