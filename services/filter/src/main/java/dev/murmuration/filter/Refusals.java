package dev.murmuration.filter;

import dev.murmuration.schemas.Rejection;
import java.time.Instant;

/** The filter's reasons to refuse a photo, as they stand in {@link Rejection}. */
enum Refusals {
    /** It is, or looks like, a photo of a registered benchmark or a blocked one. */
    BENCHMARK_OVERLAP("benchmark-overlap"),
    /** No data set's threshold was exceeded. */
    UNSURE("unsure"),
    /** Every data set that was sure had kept the same photo before. */
    NEAR_DUPLICATE("near-duplicate"),
    /** Every data set that was sure and had no such photo had enough of the class. */
    OVER_REPRESENTED("over-represented");

    /** What {@link Rejection} calls this stage. */
    static final String STAGE = "filter";

    private final String reason;

    Refusals(String reason) {
        this.reason = reason;
    }

    String reason() {
        return reason;
    }

    Step.Refused of(String tweetId, int imageIndex, String detail, long at) {
        return new Step.Refused(new Rejection(tweetId, imageIndex, STAGE, reason, detail, Instant.ofEpochMilli(at)));
    }
}
