package dev.murmuration.console;

import dev.murmuration.stage.Launch;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the console. */
@QuarkusMain
public final class Main {

    private Main() {}

    /** Takes no arguments: everything is a setting. */
    public static void main(String... args) {
        Launch.run("console", args);
    }
}
