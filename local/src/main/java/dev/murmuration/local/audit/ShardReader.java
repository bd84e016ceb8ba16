package dev.murmuration.local.audit;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Reads a shard's tar as a stream: names, classes and hash; photo bytes pass only through the hash. */
final class ShardReader {

    private static final int BUFFER = 1 << 16;

    private ShardReader() {}

    /**
     * What these bytes are.
     *
     * @throws IOException they ended before their end, or the store failed; that they are no tar is an answer
     */
    static ShardContent read(InputStream object) throws IOException {
        MessageDigest sha256 = sha256();
        Counted counted = new Counted(new DigestInputStream(new BufferedInputStream(object, BUFFER), sha256));
        List<String> keys = new ArrayList<>();
        Map<Integer, Long> perClass = new HashMap<>();
        try {
            TarArchiveInputStream tar = new TarArchiveInputStream(counted);
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String name = entry.getName();
                if (name.endsWith(".json")) {
                    keys.add(name.substring(0, name.length() - ".json".length()));
                } else if (name.endsWith(".cls")) {
                    String digits = new String(tar.readNBytes(2), StandardCharsets.US_ASCII).strip();
                    perClass.merge(Integer.parseInt(digits), 1L, Long::sum);
                }
            }
        } catch (IOException | NumberFormatException e) {
            return new ShardContent.Unreadable(String.valueOf(e.getMessage()));
        }
        counted.transferTo(OutputStream.nullOutputStream());
        return new ShardContent.Found(HexFormat.of().formatHex(sha256.digest()), counted.count, keys, perClass);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
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

        @Override
        public long skip(long wanted) throws IOException {
            // Skipped bytes would miss the hash.
            return readNBytes((int) Math.min(wanted, BUFFER)).length;
        }
    }
}
