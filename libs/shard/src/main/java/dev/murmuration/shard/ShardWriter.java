package dev.murmuration.shard;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Writes a shard: a POSIX tar with the files of a sample side by side. The same samples give the same bytes. */
public final class ShardWriter implements AutoCloseable {

    /** Media type of a shard. */
    public static final String MEDIA_TYPE = "application/x-tar";

    private static final int MODE = 0100644;
    private static final int BLOCK = 512;
    private static final int RECORD = 20 * BLOCK;
    /** The latest time that the 11 octal digits of a header can express, in seconds since 1970: in the year 2242. */
    private static final long MAX_TIME = 0777_7777_7777L;

    /** Maximum sum of {@link #bytes} of a shard that is written to memory. */
    public static final long MAX_BYTES = Integer.MAX_VALUE - 4L * RECORD;

    private final TarArchiveOutputStream tar;

    /** Writes to this stream; {@link #close} completes the tar and closes it. */
    public ShardWriter(OutputStream out) {
        this.tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    }

    /**
     * Appends a sample.
     *
     * @param createdAt when its tweet was created: the time of its files
     * @throws IllegalArgumentException if the format cannot hold it
     */
    public void write(SampleKey key, Instant createdAt, byte[] photo, byte[] description, byte[] label)
            throws IOException {
        long seconds = createdAt.getEpochSecond();
        put(tar, key + "." + ShardSample.PHOTO, photo, seconds);
        put(tar, key + "." + ShardSample.DESCRIPTION, description, seconds);
        put(tar, key + "." + ShardSample.LABEL, label, seconds);
    }

    /** Minimum size in a shard of a sample whose three files have this many bytes: three headers, and files that are padded to blocks. */
    public static long bytes(long fileBytes) {
        return fileBytes + 6L * BLOCK;
    }

    /** Size of a buffer that a shard fits into whose samples' {@link #bytes} sum up to this; at most {@link #MAX_BYTES}. */
    public static int capacity(long bytes) {
        return Math.toIntExact(2 * RECORD + bytes);
    }

    /**
     * Copies a shard without some of its samples, the others bit for bit.
     *
     * @param keeps whether the sample with this key stays
     * @throws IOException if the input is not a tar of samples
     */
    public static void copy(InputStream shard, OutputStream without, Predicate<String> keeps) throws IOException {
        try (TarArchiveInputStream in = new TarArchiveInputStream(shard);
                TarArchiveOutputStream out = new TarArchiveOutputStream(without, StandardCharsets.UTF_8.name())) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (!SampleFile.is(entry)) {
                    throw new IOException(entry.getName() + " is not a file of a sample");
                }
                if (keeps.test(SampleFile.of(entry).key())) {
                    long seconds = entry.getLastModifiedTime().to(TimeUnit.SECONDS);
                    put(out, entry.getName(), in.readAllBytes(), seconds);
                }
            }
        } catch (IllegalArgumentException e) { // of a name or a size that the format does not hold
            throw new IOException("not a tar of samples: " + e.getMessage(), e);
        }
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content, long seconds) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setMode(MODE);
        entry.setModTime(Math.clamp(seconds, 0, MAX_TIME) * 1000);
        entry.setUserId(0);
        entry.setGroupId(0);
        entry.setUserName("");
        entry.setGroupName("");
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
