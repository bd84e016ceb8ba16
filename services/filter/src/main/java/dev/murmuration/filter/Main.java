package dev.murmuration.filter;

import dev.murmuration.filter.command.Commands;
import dev.murmuration.stage.Launch;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the filter, or runs a command where the command line begins with one. */
@QuarkusMain
public final class Main {

    /** No arguments: the service. Else: {@code datasets}, {@code rejections}, … or {@code --help}, without starting the service. */
    public static void main(String... args) {
        if (args.length == 0) {
            Launch.run("filter", args);
        } else {
            System.exit(Commands.run(args));
        }
    }
}
