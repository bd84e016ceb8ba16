package dev.murmuration.trainer.data;

import dev.murmuration.schemas.LearnedShard;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The shards that a run has seen, for the events of its checkpoints: each checkpoint names those that were begun since the one
 * before. Not thread-safe.
 */
public final class ShardLog {

    private final Map<String, Integer> recorded = new HashMap<>();
    private final Map<String, Integer> unrecorded = new LinkedHashMap<>();
    private String checkpoint = "";

    /**
     * Notes the shards of these samples. A shard that is seen again, in another epoch or after a restart, counts with the larger
     * number of samples.
     */
    public void saw(List<Sample> samples) {
        Map<String, Integer> seen = new LinkedHashMap<>();
        samples.forEach(sample -> seen.merge(sample.shard().key(), 1, Integer::sum));
        seen.forEach((key, count) -> {
            if (recorded.getOrDefault(key, 0) < count) {
                unrecorded.merge(key, count, Math::max);
            }
        });
    }

    /** What no checkpoint has recorded yet, in the order in which it was seen. */
    public List<LearnedShard> unrecorded() {
        return unrecorded.entrySet().stream()
                .map(shard -> new LearnedShard(shard.getKey(), shard.getValue()))
                .toList();
    }

    /** SHA-256 of the newest committed checkpoint of the run; empty before the first. */
    public String checkpoint() {
        return checkpoint;
    }

    /** Marks everything so far as covered by a checkpoint: one was committed, or the run resumed from it. */
    public void recordedBy(String sha256) {
        checkpoint = sha256;
        recorded.putAll(unrecorded);
        unrecorded.clear();
    }
}
