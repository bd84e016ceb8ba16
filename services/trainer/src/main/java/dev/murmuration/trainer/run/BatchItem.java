package dev.murmuration.trainer.run;

/**
 * One item of a batch.
 *
 * @param index of the sample
 * @param mirrored whether the photo is mirrored
 */
record BatchItem(int index, boolean mirrored) {}
