package dev.murmuration.filter.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The folders that a command writes to. */
final class Targets {

    private Targets() {}

    /** @throws CommandException if it contains files that would be mixed with the output */
    static void mustBeNew(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new CommandException(folder + " is no folder");
        }
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isPresent()) {
                throw new CommandException(folder + " is not empty");
            }
        }
    }
}
