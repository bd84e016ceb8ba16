package dev.murmuration.filter.pipeline;

import dev.murmuration.cluster.FileProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The folders that a command writes to. */
public final class Targets {

    private Targets() {}

    /**
     * Checks that a folder does not exist or is empty, and can be written.
     *
     * @throws CommandException if it contains files that would be mixed with the output, or cannot be written
     */
    public static void mustBeNew(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new CommandException(folder + " is not a folder");
        }
        mustBeWritable(FileProblem.ofWritingIn(folder));
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isPresent()) {
                throw new CommandException(folder + " is not empty");
            }
        }
    }

    /**
     * Checks that there is no problem with what will be written.
     *
     * @throws CommandException with the problem
     */
    public static void mustBeWritable(Optional<String> problem) {
        if (problem.isPresent()) {
            throw new CommandException(problem.get());
        }
    }
}
