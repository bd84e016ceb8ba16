package dev.murmuration.trainer.run;

/**
 * One step, as progress shows it.
 *
 * @param step number of the update, from 1
 * @param samplesSeen samples so far
 * @param loss of this batch
 * @param meanLoss of late
 * @param learningRate it was made with
 * @param norm of the gradient before clipping
 * @param share of the work on the current record that is done, 0 to 1
 * @param finishing whether the end is known, and the learning rate falls towards it
 * @param samplesLeft until the end, or of the record in hand while nobody knows the end
 * @param waitedNanos for the batch to be made
 */
public record Step(
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
