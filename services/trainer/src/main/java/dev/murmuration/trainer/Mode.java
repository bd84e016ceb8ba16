package dev.murmuration.trainer;

import java.util.Arrays;
import java.util.Locale;

/** How the shards of a data set come. */
enum Mode {
    /** Each once as it arrives, and again from a reservoir; until the feed ends, if it does. */
    STREAM,
    /** Those that there are at the start, so many times; then the process ends. */
    EPOCHS;

    // Exactly so: application.properties looks settings up by it.
    static Mode named(String name) {
        return Arrays.stream(values())
                .filter(mode -> mode.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be stream or epochs"));
    }
}
