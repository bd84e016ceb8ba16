package dev.murmuration.filter.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The folders that a command writes to. */
public final class Targets {

    private Targets() {}

    /**
     * Checks that a folder does not exist or is empty.
     *
     * @throws CommandException if it contains files that would be mixed with the output
     */
    public static void mustBeNew(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new CommandException(folder + " is not a folder");
        }
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isPresent()) {
                throw new CommandException(folder + " is not empty");
            }
        }
    }
}
