package dev.murmuration.console.pipeline;

import dev.murmuration.schemas.Topics;
import java.util.List;

/**
 * A part of the pipeline that has a position of its own. The filter has two: what selects and what packs.
 *
 * @param name its name
 * @param service the service that it runs in
 * @param group the consumer group by which it reads; empty for the crawler, which reads a feed
 * @param reads the topic that it reads; empty for the crawler
 * @param writes the topic that it writes
 */
public record Stage(String name, String service, String group, String reads, String writes) {

    /** All, in the order of the pipeline. */
    public static final List<Stage> ALL = List.of(
            new Stage("crawler", "crawler", "", "", Topics.TWEETS.name()),
            new Stage("teacher", "teacher", "teacher", Topics.TWEETS.name(), Topics.SCORED_TWEETS.name()),
            new Stage("filter", "filter", "filter", Topics.SCORED_TWEETS.name(), Topics.LABELLED_IMAGES.name()),
            new Stage("packer", "filter", "shard-packer", Topics.LABELLED_IMAGES.name(), Topics.SHARDS.name()),
            new Stage("trainer", "trainer", "trainer", Topics.SHARDS.name(), Topics.CHECKPOINTS.name()),
            new Stage("evaluator", "evaluator", "evaluator", Topics.CHECKPOINTS.name(), Topics.ACCURACIES.name()));
}
