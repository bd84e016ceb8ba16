package dev.murmuration.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A <a href="https://github.com/huggingface/safetensors#format">safetensors</a> file opened for reading. The header is checked as a whole when it is opened;
 * the tensors stay on disk, memory mapped, until they are asked for. Files may be larger than 2 GiB, single tensors may not.
 */
public final class Safetensors implements Closeable {

    /** No header may be longer: 100 MB, the limit of the format's own implementation. */
    public static final int MAX_HEADER_BYTES = 100_000_000;

    private final Path file;
    private final FileChannel channel;
    private final SafetensorsHeader header;

    private Safetensors(Path file, FileChannel channel, SafetensorsHeader header) {
        this.file = file;
        this.channel = channel;
        this.header = header;
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws WeightsException if lengths, offsets, types or shapes are not those of a whole, gapless file
     * @throws IOException if the file cannot be read
     */
    public static Safetensors open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new Safetensors(file, channel, readHeader(file.toString(), channel));
        } catch (IOException | RuntimeException refused) {
            channel.close();
            throw refused;
        }
    }

    private static SafetensorsHeader readHeader(String name, FileChannel channel) throws IOException {
        long fileBytes = channel.size();
        if (fileBytes < Long.BYTES) {
            throw new WeightsException("%s: truncated, it has %d bytes".formatted(name, fileBytes));
        }
        long headerBytes =
                read(channel, 0, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES) {
            throw new WeightsException("%s: a header of %s bytes; 2 to %d are possible"
                    .formatted(name, Long.toUnsignedString(headerBytes), MAX_HEADER_BYTES));
        }
        if (headerBytes > fileBytes - Long.BYTES) {
            throw new WeightsException(
                    "%s: truncated, its header of %d bytes does not fit %d".formatted(name, headerBytes, fileBytes));
        }
        byte[] json = read(channel, Long.BYTES, (int) headerBytes).array();
        return SafetensorsHeader.parse(name, json, Long.BYTES + headerBytes, fileBytes);
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
        return buffer.flip();
    }

    /** All tensors by name, in the order of the file's header. */
    public SequencedMap<String, TensorEntry> tensors() {
        return Collections.unmodifiableSequencedMap(header.tensors());
    }

    /** What the file says about itself, for example {@code format: pt}. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    /**
     * Reads a tensor of floats as 32-bit floats: BF16 and F16 exactly, F64 rounded.
     *
     * @param name which tensor
     * @param into takes its {@link TensorEntry#elements() elements} from its position on
     * @throws WeightsException if there is no such tensor, it is not of floats, or it does not fit
     */
    public void floats(String name, FloatBuffer into) throws IOException {
        TensorEntry entry = entry(name);
        if (!entry.type().isFloat()) {
            throw new WeightsException("%s: tensor %s is %s, not floats".formatted(file, name, entry.type()));
        }
        if (entry.elements() > into.remaining()) {
            throw new WeightsException("%s: tensor %s has %d elements, %d were expected"
                    .formatted(file, name, entry.elements(), into.remaining()));
        }
        ByteBuffer bytes = map(entry);
        switch (entry.type()) {
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

    /**
     * Reads a tensor of floats as a new array of 32-bit floats.
     *
     * @throws WeightsException as for {@link #floats(String, FloatBuffer)}
     */
    public float[] floats(String name) throws IOException {
        FloatBuffer values = FloatBuffer.allocate(count(entry(name)));
        floats(name, values);
        return values.array();
    }

    /**
     * Reads a tensor of integers or truth values as 64-bit integers.
     *
     * @throws WeightsException if there is no such tensor or it is of floats
     */
    public long[] longs(String name) throws IOException {
        TensorEntry entry = entry(name);
        if (entry.type().isFloat()) {
            throw new WeightsException("%s: tensor %s is %s, not integers".formatted(file, name, entry.type()));
        }
        long[] values = new long[count(entry)];
        ByteBuffer bytes = map(entry);
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

    /**
     * Reads a tensor of floats as an fp32 array of its shape.
     *
     * @param scope owns the array
     * @throws WeightsException as for {@link #floats(String, FloatBuffer)}
     */
    public NDArray array(String name, NDManager scope) throws IOException {
        TensorEntry entry = entry(name);
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(count(entry), Float.BYTES))
                .order(ByteOrder.nativeOrder());
        floats(name, bytes.asFloatBuffer());
        return scope.create(
                bytes.asFloatBuffer(),
                new Shape(entry.shape().stream().mapToLong(Long::longValue).toArray()));
    }

    private TensorEntry entry(String name) throws WeightsException {
        TensorEntry entry = header.tensors().get(name);
        if (entry == null) {
            throw new WeightsException("%s: no tensor %s".formatted(file, name));
        }
        return entry;
    }

    private int count(TensorEntry entry) throws WeightsException {
        if (entry.elements() > Integer.MAX_VALUE / Float.BYTES) {
            throw new WeightsException("%s: tensor %s has %d elements; one tensor may have %d"
                    .formatted(file, entry.name(), entry.elements(), Integer.MAX_VALUE / Float.BYTES));
        }
        return (int) entry.elements();
    }

    private ByteBuffer map(TensorEntry entry) throws IOException {
        if (entry.end() > channel.size()) {
            throw new WeightsException("%s: became shorter while it was read".formatted(file));
        }
        if (entry.end() - entry.begin() > Integer.MAX_VALUE) {
            throw new WeightsException("%s: tensor %s is larger than 2 GiB".formatted(file, entry.name()));
        }
        return channel.map(FileChannel.MapMode.READ_ONLY, entry.begin(), entry.end() - entry.begin())
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Closes the file; what was read stays valid. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
