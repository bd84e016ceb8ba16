package dev.murmuration.filter.topology;

import dev.murmuration.schemas.Rejection;
import java.time.Instant;

/** Reasons of the filter to reject a photo, as in {@link Rejection}. */
enum RejectionReason {
    /** It is, or looks like, a photo of a registered benchmark or a blocked one. */
    BENCHMARK_OVERLAP("benchmark-overlap"),
    /** No data set takes from its source, or from the time at which its tweet was created. */
    OTHER_SOURCE("other-source"),
    /** It exceeds no threshold of the data sets that take from its source. */
    UNSURE("unsure"),
    /** Every data set whose threshold it exceeds has the same photo already. */
    NEAR_DUPLICATE("near-duplicate"),
    /** Every data set that would take it has enough photos of its class. */
    OVER_REPRESENTED("over-represented"),
    /** Processing this photo failed; the detail says how. */
    UNPROCESSABLE("unprocessable");

    /** Name of this stage in {@link Rejection}. */
    static final String STAGE = "filter";

    private final String reason;

    RejectionReason(String reason) {
        this.reason = reason;
    }

    String reason() {
        return reason;
    }

    Rejection of(String tweetId, int imageIndex, String detail, long at) {
        return new Rejection(tweetId, imageIndex, STAGE, reason, detail, Instant.ofEpochMilli(at));
    }
}
