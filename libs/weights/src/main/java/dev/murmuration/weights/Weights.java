package dev.murmuration.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.Closeable;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.SequencedMap;

/** A file of named tensors, whatever its format. The tensors stay on disk until they are read. */
public interface Weights extends Closeable {

    /** All tensors by name, in the order of the file. */
    SequencedMap<String, TensorEntry> tensors();

    /**
     * Reads a tensor of floats as 32-bit floats: BF16 and F16 exactly, F64 rounded.
     *
     * @param name which tensor
     * @param into receives the {@link TensorEntry#elements() elements} at its position, row by row
     * @throws WeightsException if there is no such tensor, it is not of floats, or it does not fit
     */
    void floats(String name, FloatBuffer into) throws IOException;

    /**
     * Reads a tensor of floats as a new array of 32-bit floats.
     *
     * @throws WeightsException as for {@link #floats(String, FloatBuffer)}
     */
    float[] floats(String name) throws IOException;

    /**
     * Reads a tensor of integers or booleans as 64-bit integers.
     *
     * @throws WeightsException if there is no such tensor or it is of floats
     */
    long[] longs(String name) throws IOException;

    /**
     * Reads a tensor of 8-bit integers (I8) as they are, row by row.
     *
     * @throws WeightsException if there is no such tensor or it is of another type
     */
    byte[] bytes(String name) throws IOException;

    /**
     * Reads a tensor of floats as an fp32 array of its shape.
     *
     * @param scope owns the array
     * @throws WeightsException as for {@link #floats(String, FloatBuffer)}
     */
    NDArray array(String name, NDManager scope) throws IOException;
}
