package dev.murmuration.stage.trace;

import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Topics;
import java.util.List;
import org.apache.kafka.common.header.Headers;

/** What shards and checkpoints say of themselves: which records they were made of. */
final class Coverings {

    private final EventReader<Shard> shards;
    private final EventReader<Checkpoint> checkpoints;

    Coverings(RegistrySettings registry) {
        this.shards = EventReader.of(registry, Topics.SHARDS, Shard.class);
        this.checkpoints = EventReader.of(registry, Topics.CHECKPOINTS, Checkpoint.class);
    }

    /** Of an event of this topic; nothing where it is of another one. */
    List<Coverage> of(String topic, Headers headers, byte[] value) {
        if (topic.equals(Topics.SHARDS.name())) {
            return shards.read(headers, value) instanceof Decoded.Event<Shard>(Shard shard) ? of(shard) : List.of();
        }
        if (topic.equals(Topics.CHECKPOINTS.name())) {
            return checkpoints.read(headers, value) instanceof Decoded.Event<Checkpoint>(Checkpoint checkpoint)
                    ? of(checkpoint)
                    : List.of();
        }
        return List.of();
    }

    static List<Coverage> of(Shard shard) {
        return List.of(new Coverage(
                Topics.LABELLED_IMAGES.name(),
                shard.getSourcePartition(),
                shard.getFirstOffset(),
                shard.getLastOffset()));
    }

    /** From the beginning: what an earlier checkpoint was made of is in this one too. */
    static List<Coverage> of(Checkpoint checkpoint) {
        return checkpoint.getShardOffsets().stream()
                .map(next -> new Coverage(Topics.SHARDS.name(), next.getPartition(), 0, next.getOffset() - 1))
                .toList();
    }
}
