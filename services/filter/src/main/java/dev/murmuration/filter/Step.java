package dev.murmuration.filter;

import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.Rejection;

/** What leaves an operator of the topology. */
sealed interface Step {

    /** A tweet with those of its photos that some data set is sure of, as it stands on the pipeline's topics. */
    final class Candidate implements Step {
        private final byte[] value;

        Candidate(byte[] value) {
            this.value = value;
        }

        /** A scored tweet, mostly as it was read. */
        byte[] value() {
            return value;
        }
    }

    /** A photo that at least one data set took. */
    record Labelled(LabelledImage image) implements Step {}

    /** A photo that none took. */
    record Refused(Rejection rejection) implements Step {}

    /** A record without a value that goes on as it is: a deletion, or the end of a feed. */
    record Passed() implements Step {}

    /** No event of ours; the headers say why. */
    final class Undecodable implements Step {
        private final byte[] value;

        Undecodable(byte[] value) {
            this.value = value;
        }

        /** As it was read. */
        byte[] value() {
            return value;
        }
    }
}
