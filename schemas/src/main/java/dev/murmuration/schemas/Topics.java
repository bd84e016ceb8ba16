package dev.murmuration.schemas;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** Every topic of the pipeline, in the order in which a tweet meets them. */
public final class Topics {

    /** Admitted tweets with their photos, by tweet id; null: deleted by its author. */
    public static final Topic TWEETS = compacted("tweets", Tweet.SCHEMA$);
    /** Tweets with the teacher's scores, by tweet id; null: deleted. */
    public static final Topic SCORED_TWEETS = compacted("scored-tweets", ScoredTweet.SCHEMA$);
    /** Photos that at least one data set took, by tweet id; null: the tweet was deleted. */
    public static final Topic LABELLED_IMAGES =
            new Topic("labelled-images", Optional.of(LabelledImage.SCHEMA$), Topic.Policy.DELETE, true);
    /** One event a committed shard, by data set. */
    public static final Topic SHARDS = kept("shards", Shard.SCHEMA$);
    /** One event a durable checkpoint, by run. */
    public static final Topic CHECKPOINTS = kept("checkpoints", Checkpoint.SCHEMA$);
    /** One event a checkpoint, benchmark and protocol, by run. */
    public static final Topic ACCURACIES = kept("accuracies", Accuracy.SCHEMA$);
    /** Rejections of every stage, by tweet id. */
    public static final Topic REJECTIONS =
            new Topic("rejections", Optional.of(Rejection.SCHEMA$), Topic.Policy.DELETE, true);
    /** How far each feed was read, by feed. */
    public static final Topic CRAWLER_CURSORS =
            new Topic("crawler-cursors", Optional.of(Cursor.SCHEMA$), Topic.Policy.COMPACT, false);
    /** What authors declared against the use of their posts, by the hash of the author; null: taken back. */
    public static final Topic CRAWLER_DECLARATIONS =
            new Topic("crawler-declarations", Optional.of(Declaration.SCHEMA$), Topic.Policy.COMPACT, false);

    /** The services in the order of the pipeline. */
    public static final List<String> SERVICES = List.of("crawler", "teacher", "filter", "trainer", "evaluator");

    /** Every topic, dead letters included. */
    public static final List<Topic> ALL = Stream.concat(
                    Stream.of(
                            TWEETS,
                            SCORED_TWEETS,
                            LABELLED_IMAGES,
                            SHARDS,
                            CHECKPOINTS,
                            ACCURACIES,
                            REJECTIONS,
                            CRAWLER_CURSORS,
                            CRAWLER_DECLARATIONS),
                    SERVICES.stream().map(Topics::deadLetters))
            .toList();

    private Topics() {}

    /** Where a service puts what it cannot decode or process: the bytes as read, with {@link DeadLetter} headers. */
    public static Topic deadLetters(String service) {
        return new Topic(service + "-dead-letters", Optional.empty(), Topic.Policy.DELETE, false);
    }

    private static Topic compacted(String name, Schema schema) {
        return new Topic(name, Optional.of(schema), Topic.Policy.COMPACT, true);
    }

    private static Topic kept(String name, Schema schema) {
        return new Topic(name, Optional.of(schema), Topic.Policy.KEEP, false);
    }
}
