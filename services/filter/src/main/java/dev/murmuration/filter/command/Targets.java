package dev.murmuration.filter.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Folders that a command writes into. */
final class Targets {

    private Targets() {}

    /** @throws CommandException if something is there that would be mixed with what is written */
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
