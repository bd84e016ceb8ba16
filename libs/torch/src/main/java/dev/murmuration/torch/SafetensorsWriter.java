package dev.murmuration.torch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Writes a safetensors file of 32-bit floats. Shapes are said first, since the format has them in its header; then the values follow tensor by tensor in the
 * same order, so that a large student never lies in memory twice. The same values give the same bytes.
 */
public final class SafetensorsWriter implements Closeable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHUNK_BYTES = 1 << 20;

    private final FileChannel channel;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long remaining;

    private SafetensorsWriter(FileChannel channel, long remaining) {
        this.channel = channel;
        this.remaining = remaining;
    }

    /**
     * Creates a file, replacing one that is there, and writes its header.
     *
     * @param shapes shape of each tensor by name, in the order in which their values will come
     * @param metadata strings for {@code __metadata__}; {@code format: pt} is what transformers looks for
     */
    public static SafetensorsWriter create(Path file, SequencedMap<String, long[]> shapes, Map<String, String> metadata)
            throws IOException {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode about = header.putObject(SafetensorsHeader.METADATA);
        metadata.forEach(about::put);
        long end = 0;
        for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey());
            entry.put("dtype", TensorType.F32.name());
            long bytes = Float.BYTES;
            for (long dimension : tensor.getValue()) {
                entry.withArray("shape").add(dimension);
                bytes = Math.multiplyExact(bytes, dimension);
            }
            entry.withArray("shape");
            entry.putArray("data_offsets").add(end).add(Math.addExact(end, bytes));
            end += bytes;
        }
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        SafetensorsWriter writer = new SafetensorsWriter(channel, end);
        writer.writeHeader(JSON.writeValueAsBytes(header));
        return writer;
    }

    private void writeHeader(byte[] json) throws IOException {
        // The values begin at a multiple of 8, by the format's own custom: spaces fill the header up.
        String padding = " ".repeat((Long.BYTES - json.length % Long.BYTES) % Long.BYTES);
        ByteBuffer header =
                ByteBuffer.allocate(Long.BYTES + json.length + padding.length()).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong((long) json.length + padding.length());
        header.put(json).put(padding.getBytes(StandardCharsets.US_ASCII));
        writeAll(header.flip());
    }

    /**
     * Writes values of the next tensor or tensors.
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
            writeAll(chunk.limit(count * Float.BYTES));
        }
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * Closes the file.
     *
     * @throws IllegalStateException if values are missing; the file is not whole then
     */
    @Override
    public void close() throws IOException {
        channel.close();
        if (remaining != 0) {
            throw new IllegalStateException("%d bytes of values were never written".formatted(remaining));
        }
    }
}
