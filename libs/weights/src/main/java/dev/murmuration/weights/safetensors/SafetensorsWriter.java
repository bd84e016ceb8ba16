package dev.murmuration.weights.safetensors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.weights.TensorType;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.LongStream;

/**
 * Writes a safetensors file of 32-bit floats. Shapes are given first, since the format has them in its header; then the values
 * follow tensor by tensor in the same order, so that a large student is never in memory twice. The same values give the same
 * bytes.
 */
public final class SafetensorsWriter implements Closeable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHUNK_BYTES = 1 << 20;

    private final OutputStream out;
    private final Closeable end;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long remaining;

    private SafetensorsWriter(OutputStream out, Closeable end, long remaining) {
        this.out = out;
        this.end = end;
        this.remaining = remaining;
    }

    /**
     * Creates a file, replacing an existing one, and writes its header.
     *
     * @param shapes shape of each tensor by name, in the order in which the values will be written
     * @param metadata strings for {@code __metadata__}; transformers requires {@code format: pt}
     */
    public static SafetensorsWriter create(Path file, SequencedMap<String, long[]> shapes, Map<String, String> metadata)
            throws IOException {
        OutputStream out = Files.newOutputStream(file);
        return of(out, out, shapes, metadata);
    }

    /** Writes to a stream, which stays open. */
    public static SafetensorsWriter to(
            OutputStream out, SequencedMap<String, long[]> shapes, Map<String, String> metadata) throws IOException {
        return of(out, out::flush, shapes, metadata);
    }

    private static SafetensorsWriter of(
            OutputStream out, Closeable end, SequencedMap<String, long[]> shapes, Map<String, String> metadata)
            throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter(out, end, valueBytes(shapes));
        out.write(header(shapes, metadata));
        return writer;
    }

    /** Size of such a file, in bytes. */
    public static long size(SequencedMap<String, long[]> shapes, Map<String, String> metadata) throws IOException {
        return header(shapes, metadata).length + valueBytes(shapes);
    }

    private static long valueBytes(SequencedMap<String, long[]> shapes) {
        return shapes.values().stream().mapToLong(SafetensorsWriter::bytes).reduce(0, Math::addExact);
    }

    private static long bytes(long[] shape) {
        return LongStream.of(shape).reduce(Float.BYTES, Math::multiplyExact);
    }

    private static byte[] header(SequencedMap<String, long[]> shapes, Map<String, String> metadata) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode about = header.putObject(SafetensorsHeader.METADATA);
        metadata.forEach(about::put);
        long end = 0;
        for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey());
            entry.put("dtype", TensorType.F32.name());
            ArrayNode shape = entry.putArray("shape");
            for (long dimension : tensor.getValue()) {
                shape.add(dimension);
            }
            long from = end;
            end = Math.addExact(from, bytes(tensor.getValue()));
            entry.putArray("data_offsets").add(from).add(end);
        }
        byte[] json = JSON.writeValueAsBytes(header);
        // The values start at a multiple of 8, as in the format's own implementation: the header is padded with spaces.
        String padding = " ".repeat((Long.BYTES - json.length % Long.BYTES) % Long.BYTES);
        return ByteBuffer.allocate(Long.BYTES + json.length + padding.length())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong((long) json.length + padding.length())
                .put(json)
                .put(padding.getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    /**
     * Writes the values of the next tensor or tensors.
     *
     * @param values read from its position to its limit
     * @throws IllegalArgumentException if the file has no room for that many
     */
    public void write(FloatBuffer values) throws IOException {
        long bytes = (long) values.remaining() * Float.BYTES;
        if (bytes > remaining) {
            throw new IllegalArgumentException("%d bytes of values where %d are left".formatted(bytes, remaining));
        }
        remaining -= bytes;
        while (values.hasRemaining()) {
            int count = Math.min(values.remaining(), CHUNK_BYTES / Float.BYTES);
            chunk.clear();
            chunk.asFloatBuffer().put(values.slice(values.position(), count));
            values.position(values.position() + count);
            out.write(chunk.array(), 0, count * Float.BYTES);
        }
    }

    /**
     * Closes the file.
     *
     * @throws IllegalStateException if values are missing; the file is then incomplete
     */
    @Override
    public void close() throws IOException {
        end.close();
        if (remaining != 0) {
            throw new IllegalStateException("%d bytes of values were never written".formatted(remaining));
        }
    }
}
