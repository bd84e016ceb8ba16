package dev.murmuration.teacher;

import dev.murmuration.stage.Launch;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the service. */
@QuarkusMain
public final class Main {

    /** Runs until it is told to stop. */
    public static void main(String[] args) {
        Launch.run("teacher", args);
    }
}
