package dev.murmuration.student;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the files of a {@link StudentFolder} go, one after the other: a folder, or a place in an archive. */
@FunctionalInterface
public interface StudentFiles {

    /**
     * Begins a file, which is closed before the next one begins.
     *
     * @param bytes how many will be written
     */
    OutputStream begin(String name, long bytes) throws IOException;

    /** Files in a folder that is there; they replace what has their names. */
    static StudentFiles in(Path folder) {
        return (name, bytes) -> Files.newOutputStream(folder.resolve(name));
    }
}
