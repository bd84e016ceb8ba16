package dev.murmuration.trainer;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes the checkpoint's position the one that is read from, whatever the group has committed: a new run begins at the first shard, and one that goes on from an
 * older checkpoint reads again from there. Only once: later assignments go on where the group is, which this process has committed itself.
 */
@ApplicationScoped
@Identifier("checkpointed-position")
class SeekToCheckpoint implements KafkaConsumerRebalanceListener {

    private final Trainer trainer;
    private boolean positioned;

    @Inject
    SeekToCheckpoint(Trainer trainer) {
        this.trainer = trainer;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        if (!positioned && !partitions.isEmpty()) {
            positioned = true;
            partitions.forEach(partition -> consumer.seek(partition, trainer.offset()));
        }
    }
}
