package dev.murmuration.evaluator.benchmark;

import dev.murmuration.stage.store.Fetched;
import java.io.IOException;
import java.nio.file.Path;

/** Reads single local photos, within the limits of benchmarks. */
public final class PhotoFiles {

    private PhotoFiles() {}

    /**
     * A photo's bytes.
     *
     * @throws IOException if it is missing, too large or cannot be read; the message says which, without the path
     */
    public static byte[] read(Path photo) throws IOException {
        Path folder = photo.toAbsolutePath().getParent();
        BenchmarkFiles files = new BenchmarkFolder(folder == null ? photo : folder);
        return switch (files.read(String.valueOf(photo.getFileName()), BenchmarkLimits.DEFAULTS.photoBytes())) {
            case Fetched.Found<byte[]>(byte[] bytes) -> bytes;
            case Fetched.Missing<byte[]> missing -> throw new IOException("missing");
            case Fetched.Damaged<byte[]>(String detail) -> throw new IOException(detail);
        };
    }
}
