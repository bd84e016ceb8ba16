package dev.murmuration.filter.topology;

import org.jspecify.annotations.Nullable;

/** What leaves an operator of the topology: encoded already, so that nothing after the operator can fail on it. */
final class Step {

    /** Where it goes. */
    enum To {
        /** A scored tweet with those of its photos that some data set is sure of, or a record without a value that all stages pass on. */
        CANDIDATES,
        /** A photo that at least one data set took, or a record without a value. */
        LABELLED_IMAGES,
        /** A photo that none took. */
        REJECTIONS,
        /** A record that is no event of ours or cannot be processed; the headers say why. */
        DEAD_LETTERS
    }

    private final To to;
    private final byte @Nullable [] value;

    Step(To to, byte @Nullable [] value) {
        this.to = to;
        this.value = value;
    }

    To to() {
        return to;
    }

    /** As it is written; null for a deletion and for the end of a feed. */
    byte @Nullable [] value() {
        return value;
    }
}
