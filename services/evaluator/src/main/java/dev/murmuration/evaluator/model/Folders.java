package dev.murmuration.evaluator.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Deletes folders that this service created. */
public final class Folders {

    private Folders() {}

    /**
     * Deletes the folder and everything in it.
     *
     * @throws IllegalArgumentException if it contains the working directory of this process, as an empty path does
     */
    public static void delete(Path folder) throws IOException {
        if (holdsThisProcess(folder)) {
            throw new IllegalArgumentException("this process works in '%s'".formatted(folder));
        }
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }

    /** Whether the working directory of this process is the folder or in it. */
    static boolean holdsThisProcess(Path folder) {
        return Path.of("").toAbsolutePath().startsWith(folder.toAbsolutePath().normalize());
    }
}
