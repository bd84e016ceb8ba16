/**
 * A training run as a state machine without a broker, a store or a framework: which samples are seen in which order, how a batch
 * is made, and how each step is taken. Start with {@link dev.murmuration.trainer.run.TrainingRun}.
 */
@NullMarked
package dev.murmuration.trainer.run;

import org.jspecify.annotations.NullMarked;
