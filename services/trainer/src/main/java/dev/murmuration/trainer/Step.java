package dev.murmuration.trainer;

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
 * @param finishing whether the feed has ended
 */
record Step(
        long step,
        long samplesSeen,
        double loss,
        double meanLoss,
        double learningRate,
        double norm,
        double share,
        boolean finishing) {}
