package dev.murmuration.trainer;

import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Split;
import dev.murmuration.trainer.checkpoint.CheckpointStore;
import dev.murmuration.trainer.data.ShardSource;
import dev.murmuration.trainer.run.Plan;
import dev.murmuration.trainer.run.TrainingRun;

/**
 * A streaming run and what it works with, once its checkpoint has been read.
 *
 * @param samplesAhead a shard with more samples than this is not fetched while another one is learned
 */
record OpenRun(
        Plan plan,
        ShardSource shards,
        TrainingRun run,
        CheckpointStore checkpoints,
        CheckpointTimer timer,
        ProgressLog log,
        int samplesAhead) {

    /** Whether the run learns or validates on this shard. */
    boolean wants(Shard shard) {
        return shard.getDataset().equals(plan.dataset()) && shard.getSplit() != Split.test;
    }
}
