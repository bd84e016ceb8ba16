package dev.murmuration.local.launch;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The students of demos that are over: checkpoints that every command takes for a model.
 *
 * @param folder where they are; made as needed
 */
public record KeptStudents(Path folder) {

    private static final int MOST = 5;
    private static final String TAR = ".tar";

    /** Beside the folder of a demo. */
    public static KeptStudents beside(RunFolder run) {
        return new KeptStudents(run.folder().resolveSibling("students"));
    }

    /**
     * Moves the newest checkpoint here, and deletes the oldest students if there are more than five.
     *
     * @param checkpoints a folder for each run, with a file for each checkpoint
     * @return where it is now; empty if there is none
     */
    public Optional<Path> keep(Path checkpoints) {
        try {
            Optional<Path> newest = newestFirst(checkpoints, 2).stream().findFirst();
            if (newest.isEmpty()) {
                return Optional.empty();
            }
            // Named by run, step and content.
            Path from = newest.get();
            String name = checkpoints.relativize(from).toString().replace(File.separatorChar, '-');
            Path to = Files.createDirectories(folder).resolve(name);
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
            for (Path old : newestFirst(folder, 1).stream().skip(MOST).toList()) {
                Files.delete(old);
            }
            return Optional.of(to);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the last demo's student in " + folder, e);
        }
    }

    private static List<Path> newestFirst(Path folder, int depth) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(file -> file.toString().endsWith(TAR) && Files.isRegularFile(file))
                    .sorted(Comparator.comparingLong(
                                    (Path file) -> file.toFile().lastModified())
                            .thenComparing(Comparator.naturalOrder())
                            .reversed())
                    .toList();
        }
    }
}
