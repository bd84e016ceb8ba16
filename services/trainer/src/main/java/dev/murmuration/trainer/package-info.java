/**
 * Shards to checkpoints. Start with {@link dev.murmuration.trainer.Trainer}, the edge, and
 * {@link dev.murmuration.trainer.run.TrainingRun}, which decides what is learned in which order.
 */
@NullMarked
package dev.murmuration.trainer;

import org.jspecify.annotations.NullMarked;
