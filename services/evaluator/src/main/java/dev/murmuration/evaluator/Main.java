package dev.murmuration.evaluator;

import dev.murmuration.evaluator.command.Commands;
import dev.murmuration.stage.Launch;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the service, or runs a command where the command line begins with one. */
@QuarkusMain
public final class Main {

    /** No arguments: the service. Else: {@code evaluate}, {@code predict} or {@code --help}, without starting the service. */
    public static void main(String... args) {
        if (args.length == 0) {
            Launch.run("evaluator", args);
        } else {
            System.exit(Commands.run(args));
        }
    }
}
