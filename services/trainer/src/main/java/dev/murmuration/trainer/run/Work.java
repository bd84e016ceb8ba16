package dev.murmuration.trainer.run;

import java.util.List;

/** The batches that one record of {@code shards} asks for: known beforehand, so that a run can go on in the middle. */
sealed interface Work permits Round, Finish {

    /** How many batches there are. */
    long batches();

    /**
     * One batch.
     *
     * @param index from 0
     */
    List<Pick> batch(long index);
}
