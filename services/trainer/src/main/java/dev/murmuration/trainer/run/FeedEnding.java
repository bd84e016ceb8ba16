package dev.murmuration.trainer.run;

/** Outcome of handling an end-of-feed marker. */
public enum FeedEnding {
    /** Other partitions are still open. */
    OPEN,
    /** All partitions have ended and the budget is used up. */
    DONE,
    /** All partitions have ended, and training stopped before the budget was used up. */
    STOPPED
}
