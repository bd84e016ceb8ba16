package dev.murmuration.filter.command;

import dev.murmuration.schemas.Shard;
import dev.murmuration.stage.Fetched;
import dev.murmuration.stage.ObjectStore;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The samples of a shard, as its tar has them. */
final class ShardSamples {

    /** Far above what the packer's limits allow. */
    private static final long LARGEST_FILE = 64L << 20;

    private ShardSamples() {}

    /** What is done with each sample. */
    interface Sink {
        /**
         * A sample.
         *
         * @param files by extension: jpg, json, cls
         */
        void take(String key, Map<String, byte[]> files) throws IOException;
    }

    /**
     * Fetches a shard into this file, which must not exist yet.
     *
     * @throws CommandException if the store has it not as its event says
     */
    static void download(ObjectStore store, Shard shard, Path file) {
        switch (store.download(shard.getKey(), shard.getSha256(), file)) {
            case Fetched.Found<Path> found -> {
                // In the file.
            }
            case Fetched.Missing<Path> missing ->
                throw new CommandException(shard.getKey() + " is not in the object store");
            case Fetched.Damaged<Path>(String detail) -> throw new CommandException(detail);
        }
    }

    /** Shows every sample, in the order of the tar. @throws IOException if the file is no tar of samples */
    static void read(Path file, Sink sink) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
                TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            String key = "";
            Map<String, byte[]> files = new HashMap<>();
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                int dot = entry.getName().lastIndexOf('.');
                if (dot < 0 || entry.getSize() > LARGEST_FILE) {
                    throw new IOException(
                            "%s (%d bytes) is no file of a sample".formatted(entry.getName(), entry.getSize()));
                }
                String sample = entry.getName().substring(0, dot);
                if (!sample.equals(key) && !files.isEmpty()) {
                    sink.take(key, files);
                    files = new HashMap<>();
                }
                key = sample;
                files.put(entry.getName().substring(dot + 1), tar.readAllBytes());
            }
            if (!files.isEmpty()) {
                sink.take(key, files);
            }
        }
    }
}
