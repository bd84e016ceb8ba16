package dev.murmuration.filter.shard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The format of a shard: a POSIX tar as WebDataset reads it, the files of a sample side by side. The same samples give the same bytes. */
public final class WebDataset {

    private static final int MODE = 0100644;
    private static final int BLOCK = 512;
    private static final int RECORD = 20 * BLOCK;
    /** The largest time that the 11 octal digits of a header can hold, in seconds since 1970: in the year 2242. */
    private static final long LATEST = 0777_7777_7777L;

    /** What a tar's samples may take at most, since it is made in memory. */
    static final long MOST_BYTES = Integer.MAX_VALUE - 4L * RECORD;

    private WebDataset() {}

    static byte[] tar(List<Sample> samples) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(size(samples));
        write(samples, bytes);
        return bytes.toByteArray();
    }

    /**
     * Tries whether a shard can hold this sample, so that none is found to be unfit when its shard is sealed.
     *
     * @throws RuntimeException if it cannot
     */
    static void check(Sample sample) {
        write(List.of(sample), OutputStream.nullOutputStream());
    }

    private static void write(List<Sample> samples, OutputStream out) {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name())) {
            for (Sample sample : samples) {
                long seconds = sample.labelled().getCreatedAt().getEpochSecond();
                put(tar, sample.key() + ".jpg", sample.photo().jpeg(), seconds);
                put(tar, sample.key() + ".json", sample.json(), seconds);
                put(tar, sample.key() + ".cls", sample.cls(), seconds);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
    }

    /**
     * Copies a shard without some of its samples, the others bit for bit.
     *
     * @param keeps whether the sample of a key stays
     * @throws IOException if what is read is no tar of samples
     */
    public static void copy(InputStream shard, OutputStream without, Predicate<String> keeps) throws IOException {
        try (TarArchiveInputStream in = new TarArchiveInputStream(shard);
                TarArchiveOutputStream out = new TarArchiveOutputStream(without, StandardCharsets.UTF_8.name())) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                int dot = entry.getName().lastIndexOf('.');
                if (dot < 0) {
                    throw new IOException(entry.getName() + " is no file of a sample");
                }
                if (keeps.test(entry.getName().substring(0, dot))) {
                    long seconds = entry.getLastModifiedTime().to(TimeUnit.SECONDS);
                    put(out, entry.getName(), in.readAllBytes(), seconds);
                }
            }
        } catch (IllegalArgumentException e) { // of a name or a size that the format does not hold
            throw new IOException("is not a tar of samples: " + e.getMessage(), e);
        }
    }

    /** At least what a sample takes of a tar: three headers, files filled up to blocks. */
    static long bytes(Sample sample) {
        return sample.bytes() + 6L * BLOCK;
    }

    private static int size(List<Sample> samples) {
        return Math.toIntExact(
                2 * RECORD + samples.stream().mapToLong(WebDataset::bytes).sum());
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content, long seconds) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setMode(MODE);
        entry.setModTime(Math.clamp(seconds, 0, LATEST) * 1000);
        entry.setUserId(0);
        entry.setGroupId(0);
        entry.setUserName("");
        entry.setGroupName("");
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
