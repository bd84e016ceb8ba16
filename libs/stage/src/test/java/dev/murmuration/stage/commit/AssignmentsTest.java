package dev.murmuration.stage.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class AssignmentsTest {

    private static final TopicPartition FIRST = new TopicPartition("tweets", 0);
    private static final TopicPartition SECOND = new TopicPartition("tweets", 1);

    private final Assignments assignments = new Assignments();
    private final GenerationConsumer consumer = new GenerationConsumer();

    @Test
    void losesWhatWasReadBeforeAPartitionWasTakenAway() {
        consumer.generation = 3;
        assignments.onPartitionsAssigned(consumer, List.of(FIRST, SECOND));

        assignments.onPartitionsRevoked(consumer, List.of(FIRST));

        assertThat(assignments.holds(FIRST, 3)).isFalse();
        assertThat(assignments.holds(FIRST, 4)).isTrue();
        assertThat(assignments.holds(SECOND, 3)).isTrue();
    }

    @Test
    void losesWhatWasReadByAMemberThatWasThrownOut() {
        consumer.generation = 3;
        assignments.onPartitionsAssigned(consumer, List.of(FIRST));
        consumer.generation = -1;

        assignments.onPartitionsLost(consumer, List.of(FIRST));

        assertThat(assignments.holds(FIRST, 3)).isFalse();
    }

    @Test
    void startsAtTheGivenOffsetOnlyAtTheFirstAssignment() {
        consumer.assign(List.of(FIRST));
        consumer.updateBeginningOffsets(Map.of(FIRST, 0L));
        assignments.startAt(partition -> 7);

        assignments.onPartitionsAssigned(consumer, List.of(FIRST));
        long first = consumer.position(FIRST);
        consumer.seek(FIRST, new OffsetAndMetadata(11));
        assignments.onPartitionsAssigned(consumer, List.of(FIRST));

        assertThat(first).isEqualTo(7);
        assertThat(consumer.position(FIRST)).isEqualTo(11);
    }

    /** A member of the group in a generation of the test's choice. */
    static final class GenerationConsumer extends MockConsumer<byte[], byte[]> {

        int generation = 1;

        GenerationConsumer() {
            super(AutoOffsetResetStrategy.EARLIEST.name());
        }

        @Override
        public ConsumerGroupMetadata groupMetadata() {
            return new ConsumerGroupMetadata("teacher", generation, "member", Optional.empty());
        }
    }
}
