package dev.murmuration.crawler.feed.recorded;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A file that somebody is still writing: at its end, waits for more. Interrupting the reader ends the wait. */
final class GrowingFile extends FilterInputStream {

    private static final Duration POLL = Duration.ofMillis(100);

    private final Path file;
    private long read;

    GrowingFile(Path file, InputStream in) {
        super(in);
        this.file = file;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (true) {
            int count = super.read(bytes, offset, length);
            if (count >= 0) {
                read += count;
                return count;
            }
            if (Files.size(file) < read) {
                throw new IOException(file + " was truncated while it was read");
            }
            pause();
        }
    }

    @Override
    public void skipNBytes(long bytes) throws IOException {
        // Waiting here would hide that the file is another one.
        in.skipNBytes(bytes);
        read += bytes;
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("while waiting for the file to grow");
        }
    }
}
