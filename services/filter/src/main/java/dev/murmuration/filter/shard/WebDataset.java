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

    private WebDataset() {}

    static byte[] tar(List<Sample> samples) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(size(samples));
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name())) {
            for (Sample sample : samples) {
                long seconds = sample.labelled().getCreatedAt().getEpochSecond();
                put(tar, sample.key() + ".jpg", sample.photo().jpeg(), seconds);
                put(tar, sample.key() + ".json", sample.json(), seconds);
                put(tar, sample.key() + ".cls", sample.cls(), seconds);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return bytes.toByteArray();
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
        }
    }

    /** At least what the tar takes: three headers a sample, files filled up to blocks, and the end. */
    private static int size(List<Sample> samples) {
        long size = 2 * RECORD;
        for (Sample sample : samples) {
            size += sample.bytes() + 6L * BLOCK;
        }
        return Math.toIntExact(size);
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content, long seconds) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setMode(MODE);
        entry.setModTime(seconds * 1000);
        entry.setUserId(0);
        entry.setGroupId(0);
        entry.setUserName("");
        entry.setGroupName("");
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
