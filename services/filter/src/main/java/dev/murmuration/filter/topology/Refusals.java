package dev.murmuration.filter.topology;

import dev.murmuration.schemas.Rejection;
import java.time.Instant;

/** The filter's reasons to refuse a photo, as they stand in {@link Rejection}. */
enum Refusals {
    /** It is, or looks like, a photo of a registered benchmark or a blocked one. */
    BENCHMARK_OVERLAP("benchmark-overlap"),
    /** No data set takes from its source, or from the time at which its tweet was created. */
    OTHER_SOURCE("other-source"),
    /** Of the data sets that take from its source, none's threshold was exceeded. */
    UNSURE("unsure"),
    /** Every data set that was sure had kept the same photo before. */
    NEAR_DUPLICATE("near-duplicate"),
    /** Every data set that was sure and had no such photo had enough of the class. */
    OVER_REPRESENTED("over-represented"),
    /** Processing it failed, and only it: the detail says how. */
    UNPROCESSABLE("unprocessable");

    /** What {@link Rejection} calls this stage. */
    static final String STAGE = "filter";

    private final String reason;

    Refusals(String reason) {
        this.reason = reason;
    }

    String reason() {
        return reason;
    }

    Rejection of(String tweetId, int imageIndex, String detail, long at) {
        return new Rejection(tweetId, imageIndex, STAGE, reason, detail, Instant.ofEpochMilli(at));
    }
}
