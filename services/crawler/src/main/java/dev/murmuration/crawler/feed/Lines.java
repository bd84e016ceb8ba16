package dev.murmuration.crawler.feed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Lines of bytes with a limit to their length, and how far they reach into the stream. */
public final class Lines implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final int maxBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    private int at;
    private int end;
    private long bytesRead;
    private long linesRead;
    private boolean cut;

    /**
     * Reads a stream; {@link #close} closes it.
     *
     * @param maxBytes of one line; the rest of a longer one is dropped
     */
    public Lines(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /** The next line, empty at the end. A last line without a break is a line, and {@link #wasCut}. */
    public Optional<Message> next() throws IOException {
        line.reset();
        long length = 0;
        while (at < end || fill()) {
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            line.write(buffer, from, Math.min(at - from, maxBytes - line.size()));
            length += at - from;
            if (at < end) {
                at++;
                return line(length, length + 1);
            }
        }
        cut = length > 0;
        return cut ? line(length, length) : Optional.empty();
    }

    private Optional<Message> line(long length, long read) {
        bytesRead += read;
        linesRead++;
        return Optional.of(new Message(line.toByteArray(), length <= maxBytes));
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    /** Skips this many bytes, which contain this many lines. Must be called before the first line. */
    public void skip(long bytes, long lines) throws IOException {
        in.skipNBytes(bytes);
        bytesRead += bytes;
        linesRead += lines;
    }

    /** Bytes up to and including the last line that was read. */
    public long bytesRead() {
        return bytesRead;
    }

    /** Lines that were read, and those skipped at the start. */
    public long linesRead() {
        return linesRead;
    }

    /** Whether the last line ended with the stream instead of a line break. */
    public boolean wasCut() {
        return cut;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
