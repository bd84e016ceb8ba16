package dev.murmuration.shard;

import dev.murmuration.schemas.Sha256;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * What a shard contains, read in one pass without holding a photo in memory.
 *
 * @param sha256 of its bytes, lower-case hexadecimal
 * @param bytes its length
 * @param keys of its samples, in its order
 * @param perClass samples by class index
 */
public record ShardIndex(String sha256, long bytes, List<String> keys, Map<Integer, Long> perClass) {

    private static final int BUFFER = 1 << 16;

    /** The bytes are not a shard; the message says why. */
    public static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(Exception cause) {
            super(String.valueOf(cause.getMessage()), cause);
        }
    }

    /**
     * Reads a stream to its end.
     *
     * @throws MalformedException if the bytes are not a tar of samples, or are cut off
     * @throws IOException if the stream fails after the end of the tar
     */
    public static ShardIndex read(InputStream shard) throws IOException, MalformedException {
        MessageDigest sha256 = Sha256.digest();
        Counted counted = new Counted(new DigestInputStream(new BufferedInputStream(shard, BUFFER), sha256));
        List<String> keys = new ArrayList<>();
        Map<Integer, Long> perClass = new HashMap<>();
        try {
            TarArchiveInputStream tar = new TarArchiveInputStream(counted);
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (SampleFile.is(entry)) {
                    SampleFile file = SampleFile.of(entry);
                    if (file.extension().equals(ShardSample.DESCRIPTION)) {
                        keys.add(file.key());
                    } else if (file.extension().equals(ShardSample.LABEL)) {
                        String digits = new String(tar.readNBytes(2), StandardCharsets.US_ASCII).strip();
                        perClass.merge(Integer.parseInt(digits), 1L, Long::sum);
                    }
                }
            }
        } catch (IOException | NumberFormatException e) {
            throw new MalformedException(e);
        }
        counted.transferTo(OutputStream.nullOutputStream());
        return new ShardIndex(HexFormat.of().formatHex(sha256.digest()), counted.count, keys, perClass);
    }

    private static final class Counted extends FilterInputStream {

        private long count;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count += Math.max(read, 0);
            return read;
        }

        /** Bytes that were read again after a reset would be counted and hashed twice. */
        @Override
        public boolean markSupported() {
            return false;
        }

        @Override
        public long skip(long wanted) throws IOException {
            // Skipped bytes would be missing from the hash.
            return readNBytes((int) Math.min(wanted, BUFFER)).length;
        }
    }
}
