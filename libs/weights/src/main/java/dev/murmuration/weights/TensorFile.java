package dev.murmuration.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Little-endian tensors at offsets of a file that a format's reader has checked, or tensors that are unpacked on request. */
public final class TensorFile implements Weights {

    /** A tensor whose bytes have to be unpacked: compressed, in pieces, or column by column. */
    @FunctionalInterface
    public interface Packed {
        /** Its bytes row by row, little endian, starting at position 0; as many as its entry says. */
        ByteBuffer unpack() throws IOException;
    }

    private static final int PIECE_BYTES = 1 << 20; // A multiple of each type's size.
    private static final int MAX_BYTES = Integer.MAX_VALUE - 16; // Of an array.

    private final Path file;
    private final FileChannel channel;
    private final SequencedMap<String, TensorEntry> tensors;
    private final Map<String, Packed> packed;

    /** Tensors stored uncompressed in the file. Closing it closes the channel. */
    public TensorFile(Path file, FileChannel channel, SequencedMap<String, TensorEntry> tensors) {
        this(file, channel, tensors, Map.of());
    }

    /** Takes ownership of the channel. */
    public TensorFile(
            Path file, FileChannel channel, SequencedMap<String, TensorEntry> tensors, Map<String, Packed> packed) {
        this.file = file;
        this.channel = channel;
        this.tensors = Collections.unmodifiableSequencedMap(tensors);
        this.packed = Map.copyOf(packed);
    }

    /** Reads exactly this many bytes of a file, starting at a position. */
    public static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        fill(buffer, channel, position);
        return buffer;
    }

    private static void fill(ByteBuffer buffer, FileChannel channel, long position) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("the file was truncated while it was read");
            }
        }
        buffer.flip();
    }

    /** As above, as an array. */
    public static byte[] bytes(FileChannel channel, long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        read(channel, position, length).get(bytes);
        return bytes;
    }

    @Override
    public SequencedMap<String, TensorEntry> tensors() {
        return tensors;
    }

    @Override
    public void floats(String name, FloatBuffer into) throws IOException {
        TensorEntry entry = entry(name);
        if (!entry.type().isFloat()) {
            throw new WeightsException("%s: tensor %s is %s, not floats".formatted(file, name, entry.type()));
        }
        if (entry.elements() > into.remaining()) {
            throw new WeightsException("%s: tensor %s has %d elements, %d were expected"
                    .formatted(file, name, entry.elements(), into.remaining()));
        }
        Packed hidden = packed.get(name);
        if (hidden != null) {
            put(hidden.unpack().order(ByteOrder.LITTLE_ENDIAN), entry.type(), into);
            return;
        }
        checkLength(entry);
        // Not mapped: a mapping keeps the file, even a deleted one, until it is garbage collected.
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, entry.end() - entry.begin()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (long from = entry.begin(); from < entry.end(); from += PIECE_BYTES) {
            fill(piece.clear().limit((int) Math.min(PIECE_BYTES, entry.end() - from)), channel, from);
            put(piece, entry.type(), into);
        }
    }

    private static void put(ByteBuffer bytes, TensorType type, FloatBuffer into) {
        switch (type) {
            case F32 -> into.put(bytes.asFloatBuffer());
            case F64 -> {
                while (bytes.hasRemaining()) {
                    into.put((float) bytes.getDouble());
                }
            }
            case F16 -> {
                while (bytes.hasRemaining()) {
                    into.put(Float.float16ToFloat(bytes.getShort()));
                }
            }
            default -> { // BF16
                while (bytes.hasRemaining()) {
                    into.put(Float.intBitsToFloat(bytes.getShort() << 16));
                }
            }
        }
    }

    @Override
    public float[] floats(String name) throws IOException {
        FloatBuffer values = FloatBuffer.allocate(count(entry(name)));
        floats(name, values);
        return values.array();
    }

    @Override
    public long[] longs(String name) throws IOException {
        TensorEntry entry = entry(name);
        if (entry.type().isFloat()) {
            throw new WeightsException("%s: tensor %s is %s, not integers".formatted(file, name, entry.type()));
        }
        long[] values = new long[count(entry)];
        ByteBuffer bytes = bytes(entry);
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (entry.type()) {
                case I64 -> bytes.getLong();
                case I32 -> bytes.getInt();
                case I16 -> bytes.getShort();
                case I8 -> bytes.get();
                default -> bytes.get() & 0xff;
            };
        }
        return values;
    }

    @Override
    public byte[] bytes(String name) throws IOException {
        TensorEntry entry = entry(name);
        if (entry.type() != TensorType.I8) {
            throw new WeightsException("%s: tensor %s is %s, not 8-bit integers".formatted(file, name, entry.type()));
        }
        byte[] values = new byte[count(entry)];
        bytes(entry).get(values);
        return values;
    }

    @Override
    public NDArray array(String name, NDManager scope) throws IOException {
        TensorEntry entry = entry(name);
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(count(entry), Float.BYTES))
                .order(ByteOrder.nativeOrder());
        floats(name, bytes.asFloatBuffer());
        return scope.create(bytes.asFloatBuffer(), new Shape(longs(entry.shape())));
    }

    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private TensorEntry entry(String name) throws WeightsException {
        TensorEntry entry = tensors.get(name);
        if (entry == null) {
            throw new WeightsException("%s: no tensor %s".formatted(file, name));
        }
        return entry;
    }

    private int count(TensorEntry entry) throws WeightsException {
        if (entry.elements() > Integer.MAX_VALUE / Float.BYTES) {
            throw new WeightsException("%s: tensor %s has %d elements; at most %d are allowed"
                    .formatted(file, entry.name(), entry.elements(), Integer.MAX_VALUE / Float.BYTES));
        }
        return (int) entry.elements();
    }

    private ByteBuffer bytes(TensorEntry entry) throws IOException {
        Packed hidden = packed.get(entry.name());
        if (hidden != null) {
            return hidden.unpack().order(ByteOrder.LITTLE_ENDIAN);
        }
        checkLength(entry);
        if (entry.end() - entry.begin() > MAX_BYTES) {
            throw new WeightsException("%s: tensor %s is larger than 2 GiB".formatted(file, entry.name()));
        }
        return read(channel, entry.begin(), (int) (entry.end() - entry.begin()));
    }

    private void checkLength(TensorEntry entry) throws IOException {
        if (entry.end() > channel.size()) {
            throw new WeightsException("%s: was truncated while it was read".formatted(file));
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
