package dev.murmuration.trainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where files lie for a moment. It belongs to one instance, so what a killed one left behind is removed at the start. */
final class WorkFolder {

    private final Path folder;

    WorkFolder(Path folder) throws IOException {
        this.folder = folder.toAbsolutePath().normalize();
        delete(this.folder);
        Files.createDirectories(this.folder);
    }

    /** A new empty folder. */
    Path make(String purpose) throws IOException {
        return Files.createTempDirectory(folder, purpose + "-");
    }

    /** Removes a folder with all that is in it. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> innermostFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : innermostFirst) {
                Files.deleteIfExists(file);
            }
        }
    }
}
