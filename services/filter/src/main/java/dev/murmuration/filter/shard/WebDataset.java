package dev.murmuration.filter.shard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The format of a shard: a POSIX tar as WebDataset reads it, the files of a sample side by side. The same samples give the same bytes. */
final class WebDataset {

    private static final int MODE = 0100644;

    private WebDataset() {}

    static byte[] tar(List<Sample> samples) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
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
