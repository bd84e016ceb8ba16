package dev.murmuration.trainer.run;

/**
 * One place in a batch.
 *
 * @param index which of the samples at hand
 * @param mirrored whether it is shown mirrored
 */
record Pick(int index, boolean mirrored) {}
