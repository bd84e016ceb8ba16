package dev.murmuration.crawler.feed.recorded;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a gzip file up to the first damage or truncation, where the stream ends. A disk that cannot be read still causes an
 * {@link IOException}. The file is inflated in the same steps however it is read, so that the stream always ends at the same byte.
 */
final class GzipFile extends InputStream {

    private static final int STEP_BYTES = 1 << 16;

    private final InputStream file;
    private final byte[] step = new byte[STEP_BYTES];
    private @Nullable InputStream inflated;
    private int at;
    private int end;
    private @Nullable IOException damage;

    GzipFile(InputStream file) throws IOException {
        this.file = file;
        try {
            inflated = new GZIPInputStream(file, STEP_BYTES);
        } catch (ZipException | EOFException e) {
            damage = e;
        }
    }

    /** Returns the damage at which the stream ended, if any; available once the end has been read. */
    Optional<IOException> damage() {
        return Optional.ofNullable(damage);
    }

    private boolean fill() throws IOException {
        if (at < end) {
            return true;
        }
        if (damage != null || inflated == null) {
            return false;
        }
        at = 0;
        end = 0;
        try {
            end = Math.max(0, inflated.read(step));
        } catch (ZipException | EOFException e) {
            damage = e;
        }
        return end > 0;
    }

    @Override
    public int read() throws IOException {
        return fill() ? step[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0 || !fill()) {
            return length == 0 ? 0 : -1;
        }
        int count = Math.min(length, end - at);
        System.arraycopy(step, at, bytes, offset, count);
        at += count;
        return count;
    }

    @Override
    public long skip(long bytes) throws IOException {
        if (bytes <= 0 || !fill()) {
            return 0;
        }
        int count = (int) Math.min(bytes, end - at);
        at += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
