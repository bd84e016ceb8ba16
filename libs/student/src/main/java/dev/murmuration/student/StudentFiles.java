package dev.murmuration.student;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Receives the files of a {@link StudentFolder}, one after the other: a folder, or an archive. */
@FunctionalInterface
public interface StudentFiles {

    /**
     * Starts a file, which is closed before the next one is started.
     *
     * @param bytes number of bytes that will be written
     */
    OutputStream begin(String name, long bytes) throws IOException;

    /** Files in an existing folder; they replace files with the same names. */
    static StudentFiles in(Path folder) {
        return (name, bytes) -> Files.newOutputStream(folder.resolve(name));
    }
}
