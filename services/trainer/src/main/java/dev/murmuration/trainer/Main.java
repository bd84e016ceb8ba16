package dev.murmuration.trainer;

import dev.murmuration.stage.Launch;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the service. */
@QuarkusMain
public final class Main {

    private Main() {}

    /** No arguments; everything is set by configuration. */
    public static void main(String... args) {
        Launch.run("trainer", args);
    }
}
