package dev.murmuration.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Matrices stored as 8-bit integers with one scale per row, as 32-bit floats: {@code NAME} (rows, columns) of I8 and
 * {@code NAME.scale} (rows) of floats together are one tensor {@code NAME} of F32, {@code NAME[r, c] * scale[r]}. Other tensors
 * are as in the file.
 */
public final class QuantizedWeights implements Weights {

    private static final String SCALE = ".scale";

    private final Weights stored;
    private final SequencedMap<String, TensorEntry> tensors = new LinkedHashMap<>();
    private final Map<String, TensorEntry> quantized = new HashMap<>();

    /** @param stored closed with this */
    public QuantizedWeights(Weights stored) {
        this.stored = stored;
        SequencedMap<String, TensorEntry> entries = stored.tensors();
        entries.forEach((name, entry) -> {
            TensorEntry scale = entries.get(name + SCALE);
            if (entry.type() == TensorType.I8 && scale != null && fits(entry, scale)) {
                quantized.put(name, entry);
                tensors.put(
                        name, new TensorEntry(name, TensorType.F32, entry.shape(), 0, entry.elements() * Float.BYTES));
            } else {
                tensors.put(name, entry);
            }
        });
        quantized.keySet().forEach(name -> tensors.remove(name + SCALE));
    }

    private static boolean fits(TensorEntry matrix, TensorEntry scale) {
        return matrix.shape().size() == 2
                && scale.type().isFloat()
                && scale.shape().size() == 1
                && scale.shape().getFirst().equals(matrix.shape().getFirst());
    }

    @Override
    public SequencedMap<String, TensorEntry> tensors() {
        return Collections.unmodifiableSequencedMap(tensors);
    }

    @Override
    public void floats(String name, FloatBuffer into) throws IOException {
        TensorEntry entry = quantized.get(name);
        if (entry == null) {
            stored.floats(name, into);
            return;
        }
        if (entry.elements() > into.remaining()) {
            throw new WeightsException(
                    "tensor %s has %d elements, %d were expected".formatted(name, entry.elements(), into.remaining()));
        }
        byte[] steps = stored.bytes(name);
        float[] scale = stored.floats(name + SCALE);
        int columns = steps.length / Math.max(1, scale.length);
        for (int i = 0; i < steps.length; i++) {
            into.put(steps[i] * scale[i / columns]);
        }
    }

    @Override
    public float[] floats(String name) throws IOException {
        TensorEntry entry = quantized.get(name);
        if (entry == null) {
            return stored.floats(name);
        }
        FloatBuffer values = FloatBuffer.allocate(count(entry));
        floats(name, values);
        return values.array();
    }

    @Override
    public long[] longs(String name) throws IOException {
        return stored.longs(name);
    }

    @Override
    public byte[] bytes(String name) throws IOException {
        return stored.bytes(name);
    }

    @Override
    public NDArray array(String name, NDManager scope) throws IOException {
        TensorEntry entry = quantized.get(name);
        if (entry == null) {
            return stored.array(name, scope);
        }
        ByteBuffer bytes = ByteBuffer.allocateDirect(count(entry) * Float.BYTES).order(ByteOrder.nativeOrder());
        floats(name, bytes.asFloatBuffer());
        return scope.create(
                bytes.asFloatBuffer(),
                new Shape(entry.shape().stream().mapToLong(Long::longValue).toArray()));
    }

    private static int count(TensorEntry entry) throws WeightsException {
        if (entry.elements() > Integer.MAX_VALUE / Float.BYTES) {
            throw new WeightsException("tensor %s has %d elements; at most %d are allowed"
                    .formatted(entry.name(), entry.elements(), Integer.MAX_VALUE / Float.BYTES));
        }
        return (int) entry.elements();
    }

    @Override
    public void close() throws IOException {
        stored.close();
    }
}
