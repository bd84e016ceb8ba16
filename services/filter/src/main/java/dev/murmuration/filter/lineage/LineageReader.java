package dev.murmuration.filter.lineage;

import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.ReplacedShard;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Topics;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The lineage as the topics have it.
 *
 * @param graph of shards, checkpoints and accuracies
 * @param shards those that no other replaces
 */
public record LineageReader(LineageGraph graph, Collection<Shard> shards) {

    /** Reads the three topics to their ends. */
    public static LineageReader read(Pipeline pipeline) {
        GraphBuilder builder = new GraphBuilder();
        Map<String, Shard> shards = new LinkedHashMap<>();
        Set<String> replaced = new HashSet<>();
        pipeline.read(Topics.SHARDS, Shard.class, (record, decoded) -> {
            if (decoded instanceof Decoded.Event<Shard>(Shard shard)) {
                builder.shard(record.offset(), shard, ReplacedShard.in(record.headers()));
                ReplacedShard.in(record.headers()).ifPresent(replaced::add);
                shards.put(shard.getKey(), shard);
            }
        });
        shards.keySet().removeAll(replaced);
        ErasureMarks.read(pipeline).forEach(builder::erased);
        pipeline.read(Topics.CHECKPOINTS, Checkpoint.class, (record, decoded) -> {
            if (decoded instanceof Decoded.Event<Checkpoint>(Checkpoint checkpoint)) {
                builder.checkpoint(checkpoint);
            }
        });
        pipeline.read(Topics.ACCURACIES, Accuracy.class, (record, decoded) -> {
            if (decoded instanceof Decoded.Event<Accuracy>(Accuracy accuracy)) {
                builder.accuracy(accuracy);
            }
        });
        return new LineageReader(builder.graph(), List.copyOf(shards.values()));
    }
}
