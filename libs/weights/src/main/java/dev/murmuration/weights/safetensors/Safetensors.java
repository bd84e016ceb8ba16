package dev.murmuration.weights.safetensors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.TensorFile;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.WeightsException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A <a href="https://github.com/huggingface/safetensors#format">safetensors</a> file opened for reading. The header is checked as
 * a whole when it is opened; the tensors stay on disk until they are read.
 */
public final class Safetensors implements Weights {

    /** Maximum length of a header: 100 MB, as in the format's own implementation. */
    public static final int MAX_HEADER_BYTES = 100_000_000;

    private final TensorFile tensors;
    private final Map<String, String> metadata;

    private Safetensors(TensorFile tensors, Map<String, String> metadata) {
        this.tensors = tensors;
        this.metadata = metadata;
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws WeightsException if lengths, offsets, types or shapes are not those of a complete file without gaps
     * @throws IOException if the file cannot be read
     */
    public static Safetensors open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            SafetensorsHeader header = readHeader(file.toString(), channel);
            return new Safetensors(new TensorFile(file, channel, header.tensors()), header.metadata());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static SafetensorsHeader readHeader(String name, FileChannel channel) throws IOException {
        long fileBytes = channel.size();
        if (fileBytes < Long.BYTES) {
            throw new WeightsException("%s: truncated, it has %d bytes".formatted(name, fileBytes));
        }
        long headerBytes = TensorFile.read(channel, 0, Long.BYTES).getLong();
        if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES) {
            throw new WeightsException("%s: a header of %s bytes; 2 to %d are allowed"
                    .formatted(name, Long.toUnsignedString(headerBytes), MAX_HEADER_BYTES));
        }
        if (headerBytes > fileBytes - Long.BYTES) {
            throw new WeightsException(
                    "%s: truncated, its header of %d bytes does not fit %d".formatted(name, headerBytes, fileBytes));
        }
        byte[] json = TensorFile.read(channel, Long.BYTES, (int) headerBytes).array();
        return SafetensorsHeader.parse(name, json, Long.BYTES + headerBytes, fileBytes);
    }

    @Override
    public SequencedMap<String, TensorEntry> tensors() {
        return tensors.tensors();
    }

    /** What the file says about itself, for example {@code format: pt}. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public void floats(String name, FloatBuffer into) throws IOException {
        tensors.floats(name, into);
    }

    @Override
    public float[] floats(String name) throws IOException {
        return tensors.floats(name);
    }

    @Override
    public long[] longs(String name) throws IOException {
        return tensors.longs(name);
    }

    @Override
    public byte[] bytes(String name) throws IOException {
        return tensors.bytes(name);
    }

    @Override
    public NDArray array(String name, NDManager scope) throws IOException {
        return tensors.array(name, scope);
    }

    /** Closes the file; arrays already read stay valid. */
    @Override
    public void close() throws IOException {
        tensors.close();
    }
}
