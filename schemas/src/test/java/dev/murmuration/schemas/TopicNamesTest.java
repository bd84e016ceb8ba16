package dev.murmuration.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class TopicNamesTest {

    private final TopicNames soft = TopicNames.ofRelabelling("soft");

    @Test
    void thePipelineUsesPlainNames() {
        assertThat(Topics.ALL)
                .allSatisfy(topic -> assertThat(TopicNames.PLAIN.of(topic)).isEqualTo(topic.name()));
        assertThat(TopicNames.PLAIN.group("filter")).isEqualTo("filter");
    }

    @Test
    void aRelabellingHasEverythingBetweenTweetsAndShardsForItself() {
        assertThat(Topics.ALL)
                .extracting(soft::of)
                .containsExactly(
                        "tweets",
                        "relabel-soft-scored-tweets",
                        "relabel-soft-labelled-images",
                        "shards",
                        "checkpoints",
                        "accuracies",
                        "relabel-soft-rejections",
                        "crawler-cursors",
                        "crawler-declarations",
                        "crawler-dead-letters",
                        "relabel-soft-teacher-dead-letters",
                        "relabel-soft-filter-dead-letters",
                        "trainer-dead-letters",
                        "evaluator-dead-letters");
        assertThat(soft.group("shard-packer")).isEqualTo("relabel-soft-shard-packer");
    }

    @Test
    void knowsThePlainNameOfItsOwnAndLeavesOthersAlone() {
        assertThat(soft.plain("relabel-soft-rejections")).isEqualTo("rejections");
        assertThat(soft.plain("tweets")).isEqualTo("tweets");
    }

    @Test
    void aShardSaysOfWhichRelabellingItIs() {
        RecordHeaders headers = new RecordHeaders();
        assertThat(TopicNames.in(headers)).isEqualTo(TopicNames.PLAIN);

        headers.add(TopicNames.HEADER, "relabel-soft-".getBytes(StandardCharsets.UTF_8));

        assertThat(TopicNames.in(headers)).isEqualTo(soft);
    }

    @Test
    void refusesWhatIsNoPartOfATopicsName() {
        assertThatThrownBy(() -> new TopicNames("Soft_")).hasMessageStartingWith("'Soft_' is not made of");
        assertThatThrownBy(() -> new TopicNames("a".repeat(61))).isInstanceOf(IllegalArgumentException.class);
        assertThat(new TopicNames("a".repeat(60)).prefix()).hasSize(60);
    }
}
