package dev.murmuration.shard;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the samples of a shard in their order: consecutive files of one name belong together. What is not a file of a sample is
 * skipped, as WebDataset does.
 */
public final class ShardReader implements AutoCloseable {

    private final TarArchiveInputStream tar;
    private final Limits limits;
    private @Nullable TarArchiveEntry entry;
    private int index;

    /**
     * What a shard may contain at most; a larger one is not read any further.
     *
     * @param photoBytes of one photo
     * @param textBytes of any other file
     * @param samples of the shard
     */
    public record Limits(long photoBytes, long textBytes, int samples) {

        private long of(String extension) {
            return extension.equals(ShardSample.PHOTO) ? photoBytes : textBytes;
        }
    }

    private ShardReader(InputStream shard, Limits limits) throws IOException {
        this.tar = new TarArchiveInputStream(new BufferedInputStream(shard));
        this.limits = limits;
        this.entry = nextFile();
    }

    /**
     * Opens the file of a shard.
     *
     * @throws IOException if it is not a tar
     */
    public static ShardReader open(Path file, Limits limits) throws IOException {
        InputStream in = Files.newInputStream(file);
        try {
            return new ShardReader(in, limits);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /**
     * The next sample; empty after the last one.
     *
     * @throws IOException if the tar is damaged or exceeds a limit
     */
    public Optional<ShardSample> next() throws IOException {
        if (entry == null) {
            return Optional.empty();
        }
        if (index >= limits.samples()) {
            throw new IOException("more than %d samples".formatted(limits.samples()));
        }
        String key = SampleFile.of(entry).key();
        Map<String, byte[]> files = new HashMap<>();
        for (TarArchiveEntry next = entry; next != null; next = nextFile()) {
            SampleFile file = SampleFile.of(next);
            if (!file.key().equals(key)) {
                entry = next;
                return Optional.of(new ShardSample(key, index++, files));
            }
            files.put(file.extension(), content(next, file.extension()));
        }
        entry = null;
        return Optional.of(new ShardSample(key, index++, files));
    }

    private @Nullable TarArchiveEntry nextFile() throws IOException {
        TarArchiveEntry next = tar.getNextEntry();
        while (next != null && !SampleFile.is(next)) {
            next = tar.getNextEntry();
        }
        return next;
    }

    private byte[] content(TarArchiveEntry file, String extension) throws IOException {
        long limit = limits.of(extension);
        if (file.getSize() > limit) {
            throw new IOException("%s has %d bytes, more than %d".formatted(file.getName(), file.getSize(), limit));
        }
        return tar.readNBytes((int) file.getSize());
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
