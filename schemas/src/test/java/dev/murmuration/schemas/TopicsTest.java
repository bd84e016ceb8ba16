package dev.murmuration.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicsTest {

    @Test
    void deletionsRemoveTextAndScoresForGood() {
        assertThat(Topics.TWEETS.policy().config()).isEqualTo(Map.of("cleanup.policy", "compact"));
        assertThat(Topics.SCORED_TWEETS.policy()).isEqualTo(Topic.Policy.COMPACT);
    }

    @Test
    void topicsWhoseKeysRepeatAreNeverCompactedAndNeverExpire() {
        assertThat(List.of(Topics.SHARDS, Topics.CHECKPOINTS, Topics.ACCURACIES))
                .allSatisfy(topic -> assertThat(topic.policy().config())
                        .containsEntry("cleanup.policy", "delete")
                        .containsEntry("retention.ms", "-1"));
    }

    @Test
    void everyServiceHasDeadLetters() {
        assertThat(Topics.ALL.stream().map(Topic::name))
                .contains("crawler-dead-letters", "teacher-dead-letters", "filter-dead-letters")
                .contains("trainer-dead-letters", "evaluator-dead-letters")
                .doesNotHaveDuplicates();
    }

    @Test
    void schemasAreRegisteredUnderTheTopicsName() {
        assertThat(Topics.LABELLED_IMAGES.subject()).isEqualTo("labelled-images-value");
    }
}
