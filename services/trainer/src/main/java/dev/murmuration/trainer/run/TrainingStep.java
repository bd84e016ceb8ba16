package dev.murmuration.trainer.run;

/**
 * One step, as it is logged and measured.
 *
 * @param step number of the update, from 1
 * @param samplesSeen samples so far
 * @param loss of this batch
 * @param meanLoss moving average of the loss
 * @param learningRate of the step
 * @param norm of the gradient before clipping
 * @param share of the current record that is done, 0 to 1
 * @param finishing whether the end is known, and the learning rate falls towards it
 * @param samplesLeft until the end, or of the current record while the end is unknown
 * @param waitedNanos spent waiting for the batch
 */
public record TrainingStep(
        long step,
        long samplesSeen,
        double loss,
        double meanLoss,
        double learningRate,
        double norm,
        double share,
        boolean finishing,
        long samplesLeft,
        long waitedNanos) {}
