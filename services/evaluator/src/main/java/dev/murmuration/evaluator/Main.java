package dev.murmuration.evaluator;

import dev.murmuration.evaluator.command.Commands;
import dev.murmuration.stage.Launch;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the service, or runs a command if one is given. */
@QuarkusMain
public final class Main {

    /** Without arguments, starts the service; otherwise runs the command that they name without starting the service. */
    public static void main(String... args) {
        if (args.length == 0) {
            Launch.run("evaluator", args);
        } else {
            System.exit(Commands.run(args));
        }
    }
}
