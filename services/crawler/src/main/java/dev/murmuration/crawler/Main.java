package dev.murmuration.crawler;

import dev.murmuration.stage.Launch;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the crawler; or, named as the first argument, one of its {@link Commands}. */
@QuarkusMain
public class Main {

    /** Runs until told to stop. */
    public static void main(String... args) {
        if (args.length == 0) {
            Launch.run("crawler", args);
        } else {
            System.exit(Commands.run(args));
        }
    }
}
