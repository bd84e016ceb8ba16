package dev.murmuration.filter.topology;

import org.jspecify.annotations.Nullable;

/** Output of an operator, already encoded, so that nothing after the operator can fail on it. */
final class ProcessorOutput {

    /** Destination. */
    enum To {
        /** A scored tweet with the photos that exceed a threshold, or a record without a value that all stages pass on. */
        CANDIDATES,
        /** A photo that at least one data set accepted, or a record without a value. */
        LABELLED_IMAGES,
        /** A photo that no data set accepted. */
        REJECTIONS,
        /** A record that is not a valid event or cannot be processed; the headers say why. */
        DEAD_LETTERS
    }

    private final To to;
    private final byte @Nullable [] value;

    ProcessorOutput(To to, byte @Nullable [] value) {
        this.to = to;
        this.value = value;
    }

    To to() {
        return to;
    }

    /** The value to write; null for a deletion and for the end of a feed. */
    byte @Nullable [] value() {
        return value;
    }
}
