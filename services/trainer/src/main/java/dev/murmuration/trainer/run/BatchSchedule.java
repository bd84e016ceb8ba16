package dev.murmuration.trainer.run;

import java.util.List;

/** The batches of one record of {@code shards}, known beforehand, so that a run can resume in the middle. */
sealed interface BatchSchedule permits StreamBatches, FinalBatches {

    /** Number of batches. */
    long batches();

    /**
     * One batch.
     *
     * @param index from 0
     */
    List<Item> batch(long index);

    /**
     * One item of a batch.
     *
     * @param index of the sample
     * @param mirrored whether the photo is mirrored
     */
    record Item(int index, boolean mirrored) {}
}
