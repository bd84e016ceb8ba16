package dev.murmuration.stage.commit;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Default;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Knows in which generation of the group each partition was taken away. What was read in that generation or before must be
 * forgotten: whoever has the partition next reads it again from the committed offset. Never waits for the stage's work, which may
 * be waiting for the polling thread that calls this.
 */
@ApplicationScoped
@Default
@Identifier("assignments")
public class Assignments implements KafkaConsumerRebalanceListener {

    private final Map<TopicPartition, Integer> takenAwayIn = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Boolean> positioned = new ConcurrentHashMap<>();
    private volatile int generation;
    private volatile ToLongFunction<TopicPartition> begin = partition -> -1;

    /**
     * Makes these offsets the ones that reading starts from, whatever the group has committed. Only at the first assignment of
     * each partition: later ones continue at the offset that this process has committed itself.
     */
    public void startAt(ToLongFunction<TopicPartition> offset) {
        begin = offset;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        generation = Math.max(generation, consumer.groupMetadata().generationId());
        for (TopicPartition partition : partitions) {
            long offset = begin.applyAsLong(partition);
            if (offset >= 0 && positioned.put(partition, true) == null) {
                consumer.seek(partition, offset);
            }
        }
    }

    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        // A member that was thrown out has no generation any more: the last one it had counts.
        generation = Math.max(generation, consumer.groupMetadata().generationId());
        partitions.forEach(partition -> takenAwayIn.put(partition, generation));
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        onPartitionsRevoked(consumer, partitions);
    }

    /** Whether what was read of this partition in this generation may still be committed. */
    boolean holds(TopicPartition partition, int readIn) {
        Integer lost = takenAwayIn.get(partition);
        return lost == null || readIn > lost;
    }
}
