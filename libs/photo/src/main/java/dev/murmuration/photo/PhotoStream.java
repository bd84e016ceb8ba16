package dev.murmuration.photo;

import java.io.IOException;
import javax.imageio.stream.ImageInputStreamImpl;

/** Bytes as Image I/O's readers want them, until time is over. */
final class PhotoStream extends ImageInputStreamImpl {

    private static final int SINGLE_READS = 1 << 12;

    private final byte[] bytes;
    private final Deadline deadline;
    private int singles;

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
        return streamPos < bytes.length ? bytes[(int) streamPos++] & 0xff : -1;
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
            return -1;
        }
        System.arraycopy(bytes, (int) streamPos, into, offset, count);
        streamPos += count;
        return count;
    }

    @Override
    public long length() {
        return bytes.length;
    }
}
