package dev.murmuration.photo;

import java.io.IOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * An input stream for Image I/O's readers that fails once the deadline has passed. A reader that ignores the end of the data and keeps
 * reading is stopped shortly after it.
 */
final class PhotoStream extends ImageInputStreamImpl {

    private static final int SINGLE_READS = 1 << 12;
    // Some readers look a few bytes ahead.
    private static final int MAX_READS_PAST_END = 1 << 8;

    private final byte[] bytes;
    private final Deadline deadline;
    private int singles;
    private int readsPastEnd;

    PhotoStream(byte[] bytes, Deadline deadline) {
        this.bytes = bytes;
        this.deadline = deadline;
    }

    @Override
    public int read() throws IOException {
        if ((++singles & (SINGLE_READS - 1)) == 0) {
            deadline.check();
        }
        bitOffset = 0;
        return streamPos < bytes.length ? bytes[(int) streamPos++] & 0xff : end();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        deadline.check();
        bitOffset = 0;
        if (length == 0) {
            return 0;
        }
        int count = (int) Math.min(length, bytes.length - streamPos);
        if (count <= 0) {
            return end();
        }
        System.arraycopy(bytes, (int) streamPos, into, offset, count);
        streamPos += count;
        return count;
    }

    private int end() throws PhotoException {
        if (++readsPastEnd > MAX_READS_PAST_END) {
            throw PhotoException.corrupt("cut short: its image data end early");
        }
        return -1;
    }

    @Override
    public long length() {
        return bytes.length;
    }
}
