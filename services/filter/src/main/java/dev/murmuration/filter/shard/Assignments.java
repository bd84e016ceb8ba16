package dev.murmuration.filter.shard;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Knows in which generation of the group each partition was taken away. What was read in that generation or before must be forgotten: whoever has the
 * partition next reads it again from the committed offset. Never waits for the packer, which may be waiting for the polling thread that calls this.
 */
@ApplicationScoped
@Identifier("labelled-images")
class Assignments implements KafkaConsumerRebalanceListener {

    private final Map<Integer, Integer> takenAwayIn = new ConcurrentHashMap<>();
    private volatile int generation;

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        generation = Math.max(generation, consumer.groupMetadata().generationId());
    }

    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        // A member that was thrown out has no generation any more: the last one it had counts.
        generation = Math.max(generation, consumer.groupMetadata().generationId());
        partitions.forEach(partition -> takenAwayIn.put(partition.partition(), generation));
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        onPartitionsRevoked(consumer, partitions);
    }

    /** Whether what was read of this partition in this generation may still be committed. */
    boolean holds(int partition, int readIn) {
        Integer lost = takenAwayIn.get(partition);
        return lost == null || readIn > lost;
    }
}
