package dev.murmuration.filter;

import dev.murmuration.stage.Launch;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the filter. */
@QuarkusMain
public final class Main {

    /** Runs until it is told to stop; a wrong setting or a platform that is not there ends the start with one line. */
    public static void main(String... args) {
        Launch.run("filter", args);
    }
}
