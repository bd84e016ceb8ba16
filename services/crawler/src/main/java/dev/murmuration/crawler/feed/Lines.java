package dev.murmuration.crawler.feed;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Lines of bytes with a limit to their length, and how far they reach into the stream. */
final class Lines implements AutoCloseable {

    /**
     * One line without its break.
     *
     * @param whole false if it was longer than the limit and these are only its first bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Line(byte[] bytes, boolean whole) {}

    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final int maxBytes;
    private long bytesRead;
    private long linesRead;

    Lines(InputStream in, int maxBytes) {
        this.in = new BufferedInputStream(in, BUFFER_BYTES);
        this.maxBytes = maxBytes;
    }

    /** The next line, empty at the end. A last line without a break is a line. */
    Optional<Line> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        long start = bytesRead;
        int read = in.read();
        while (read >= 0 && read != '\n') {
            bytesRead++;
            if (line.size() < maxBytes) {
                line.write(read);
            }
            read = in.read();
        }
        if (read < 0 && bytesRead == start) {
            return Optional.empty();
        }
        boolean whole = bytesRead - start <= maxBytes;
        bytesRead += read < 0 ? 0 : 1;
        linesRead++;
        return Optional.of(new Line(line.toByteArray(), whole));
    }

    /** Goes on after this many bytes, which hold this many lines. */
    void skip(long bytes, long lines) throws IOException {
        in.skipNBytes(bytes);
        bytesRead += bytes;
        linesRead += lines;
    }

    long bytesRead() {
        return bytesRead;
    }

    long linesRead() {
        return linesRead;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
