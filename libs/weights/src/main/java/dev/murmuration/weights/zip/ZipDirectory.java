package dev.murmuration.weights.zip;

import dev.murmuration.weights.TensorFile;
import dev.murmuration.weights.WeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Finds the entries of a zip archive (<a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE.TXT</a>
 * 6.3.10, ZIP64 included). The JDK's own reader does not expose their offsets. The file is untrusted: every number is checked.
 */
public final class ZipDirectory {

    public static final int LOCAL = 0x04034b50;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int LOCAL_BYTES = 30;
    private static final int CENTRAL_BYTES = 46;
    private static final int END_BYTES = 22;
    private static final int END_64_BYTES = 56;
    private static final int LOCATOR_64_BYTES = 20;
    private static final int MAX_COMMENT_LENGTH = 65_535;
    private static final int MAX_DIRECTORY_BYTES = 8 << 20;
    private static final long IN_ZIP_64 = 0xffff_ffffL;

    /**
     * One entry's content.
     *
     * @param begin offset of the first byte in the file
     * @param end the byte after its last
     * @param size unpacked size in bytes
     * @param deflated whether it has to be unpacked
     */
    public record Span(long begin, long end, long size, boolean deflated) {
        /** Content that is stored uncompressed. */
        public Span(long begin, long end) {
            this(begin, end, end - begin, false);
        }
    }

    private final String file;
    private final FileChannel channel;
    private final long fileBytes;

    private ZipDirectory(String file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        this.fileBytes = channel.size();
    }

    /**
     * The entries by name, in the order of the directory.
     *
     * @throws WeightsException if the archive is truncated, or an entry is encrypted or compressed by anything but deflate
     */
    public static SequencedMap<String, Span> read(String file, FileChannel channel) throws IOException {
        return new ZipDirectory(file, channel).read();
    }

    private SequencedMap<String, Span> read() throws IOException {
        Span place = place();
        long bytes = place.end() - place.begin();
        if (place.begin() < 0 || bytes < 0 || place.end() > fileBytes || bytes > MAX_DIRECTORY_BYTES) {
            throw broken("its directory is at bytes %d to %d of %d".formatted(place.begin(), place.end(), fileBytes));
        }
        ByteBuffer directory = TensorFile.read(channel, place.begin(), (int) bytes);
        SequencedMap<String, Span> entries = new LinkedHashMap<>();
        while (directory.hasRemaining()) {
            Map.Entry<String, Span> entry = entry(directory);
            if (entries.put(entry.getKey(), entry.getValue()) != null) {
                throw broken("it has two entries %s".formatted(entry.getKey()));
            }
        }
        return entries;
    }

    /** Where the directory is. */
    private Span place() throws IOException {
        int tailBytes = (int) Math.min(fileBytes, END_BYTES + LOCATOR_64_BYTES + MAX_COMMENT_LENGTH);
        ByteBuffer tail = TensorFile.read(channel, fileBytes - tailBytes, tailBytes);
        for (int at = tailBytes - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END && at + END_BYTES + unsigned(tail.getShort(at + 20)) == tailBytes) {
                int locator = at - LOCATOR_64_BYTES;
                if (locator >= 0 && tail.getInt(locator) == LOCATOR_64) {
                    return place64(tail.getLong(locator + 8));
                }
                return span(unsigned(tail.getInt(at + 16)), unsigned(tail.getInt(at + 12)));
            }
        }
        throw broken("truncated, it has no directory");
    }

    private Span place64(long at) throws IOException {
        if (at < 0 || at > fileBytes - END_64_BYTES) {
            throw broken("the end of its directory is at byte %d of %d".formatted(at, fileBytes));
        }
        ByteBuffer end = TensorFile.read(channel, at, END_64_BYTES);
        if (end.getInt(0) != END_64) {
            throw broken("its end-of-directory record is invalid");
        }
        return span(end.getLong(48), end.getLong(40));
    }

    private Map.Entry<String, Span> entry(ByteBuffer directory) throws IOException {
        if (directory.remaining() < CENTRAL_BYTES || directory.getInt(directory.position()) != CENTRAL) {
            throw broken("its directory is damaged");
        }
        ByteBuffer fixed = directory.slice(directory.position(), CENTRAL_BYTES).order(directory.order());
        int nameBytes = unsigned(fixed.getShort(28));
        int extraBytes = unsigned(fixed.getShort(30));
        int commentBytes = unsigned(fixed.getShort(32));
        directory.position(directory.position() + CENTRAL_BYTES);
        if (directory.remaining() < nameBytes + extraBytes + commentBytes) {
            throw broken("its directory is damaged");
        }
        byte[] name = new byte[nameBytes];
        directory.get(name);
        ByteBuffer extra = directory.slice(directory.position(), extraBytes).order(directory.order());
        directory.position(directory.position() + extraBytes + commentBytes);
        String text = new String(name, StandardCharsets.UTF_8);
        int method = fixed.getShort(10);
        if ((fixed.getShort(8) & 1) != 0 || (method != STORED && method != DEFLATED)) {
            throw broken("entry %s is encrypted or packed in an unknown way".formatted(text));
        }
        return Map.entry(text, content(text, fixed, extra, method == DEFLATED));
    }

    private Span content(String name, ByteBuffer fixed, ByteBuffer extra, boolean deflated) throws IOException {
        long packed = unsigned(fixed.getInt(20));
        long size = unsigned(fixed.getInt(24));
        long at = unsigned(fixed.getInt(42));
        while (extra.remaining() >= 4) {
            int id = unsigned(extra.getShort());
            int bytes = unsigned(extra.getShort());
            if (bytes > extra.remaining()) {
                throw broken("entry %s is damaged".formatted(name));
            }
            if (id == 1) {
                ByteBuffer wide = extra.slice(extra.position(), bytes).order(extra.order());
                size = size == IN_ZIP_64 ? wide(name, wide) : size;
                packed = packed == IN_ZIP_64 ? wide(name, wide) : packed;
                at = at == IN_ZIP_64 ? wide(name, wide) : at;
            }
            extra.position(extra.position() + bytes);
        }
        if (deflated ? size < 0 || size > Deflated.most(packed) : packed != size) {
            throw broken("entry %s is damaged".formatted(name));
        }
        if (at < 0 || at > fileBytes - LOCAL_BYTES) {
            throw broken("entry %s is at byte %d of %d".formatted(name, at, fileBytes));
        }
        ByteBuffer local = TensorFile.read(channel, at, LOCAL_BYTES);
        if (local.getInt(0) != LOCAL) {
            throw broken("entry %s is damaged".formatted(name));
        }
        Span place = span(at + LOCAL_BYTES + unsigned(local.getShort(26)) + unsigned(local.getShort(28)), packed);
        return new Span(place.begin(), place.end(), size, deflated);
    }

    private long wide(String name, ByteBuffer wide) throws WeightsException {
        if (wide.remaining() < Long.BYTES) {
            throw broken("entry %s is damaged".formatted(name));
        }
        return wide.getLong();
    }

    private Span span(long begin, long bytes) throws WeightsException {
        if (begin < 0 || bytes < 0 || begin > fileBytes || bytes > fileBytes - begin) {
            throw broken("%d bytes at byte %d of %d".formatted(bytes, begin, fileBytes));
        }
        return new Span(begin, begin + bytes);
    }

    private WeightsException broken(String problem) {
        return new WeightsException("%s: %s".formatted(file, problem));
    }

    private static int unsigned(short value) {
        return Short.toUnsignedInt(value);
    }

    private static long unsigned(int value) {
        return Integer.toUnsignedLong(value);
    }
}
