package dev.murmuration.stage.trace;

import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.RegistryUnavailableException;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Topics;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.jboss.logging.Logger;

/** What shards and checkpoints say of themselves: which records they were made of. */
final class Coverings {

    private static final Logger LOG = Logger.getLogger(Coverings.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final EventReader<Shard> shards;
    private final EventReader<Checkpoint> checkpoints;

    /** Waits for a registry that is away only as long as a transaction can spare: a trace is worth no more. */
    Coverings(RegistrySettings registry) {
        RegistrySettings hurried = new RegistrySettings(
                registry.url(), registry.serializer(), registry.deserializer(), PATIENCE, registry.extra());
        this.shards = EventReader.of(hurried, Topics.SHARDS, Shard.class);
        this.checkpoints = EventReader.of(hurried, Topics.CHECKPOINTS, Checkpoint.class);
    }

    /** Of an event of this topic; nothing where it is of another one or cannot be read. */
    List<Coverage> of(String topic, Headers headers, byte[] value) {
        try {
            if (topic.equals(Topics.SHARDS.name())) {
                return shards.read(headers, value) instanceof Decoded.Event<Shard>(Shard shard) ? of(shard) : List.of();
            }
            return checkpoints.read(headers, value) instanceof Decoded.Event<Checkpoint>(Checkpoint checkpoint)
                    ? of(checkpoint)
                    : List.of();
        } catch (RegistryUnavailableException away) {
            LOG.warnf("a trace of %s has no links: %s", topic, away.getMessage());
            return List.of();
        }
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
