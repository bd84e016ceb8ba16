package dev.murmuration.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.Closeable;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.SequencedMap;

/** A file of named tensors, whatever its format. The tensors stay on disk until they are asked for. */
public sealed interface Weights extends Closeable
        permits Safetensors, PickledWeights, CaffeModel, ShardedWeights, TensorFile {

    /**
     * Opens a file as what its first bytes say it is: PyTorch's {@code .bin}, {@code .pt} and {@code .pth}, the {@code .h5} of Keras, NumPy's {@code .npz} and
     * {@code .npy}; anything else is read as safetensors. Only Caffe's {@code .caffemodel} and {@code .binaryproto} are known by their names, and
     * the {@code .index.json} of weights in several files. None of them runs code of the file.
     *
     * @throws WeightsException if the file is not whole or holds what weights need not
     * @throws IOException if the file cannot be read
     */
    static Weights open(Path file) throws IOException {
        if (CaffeModel.isCaffe(file)) {
            return CaffeModel.open(file);
        }
        if (ShardedWeights.isIndex(file)) {
            return ShardedWeights.open(file);
        }
        return switch (WeightsFormat.of(file)) {
            case PYTORCH -> PickledWeights.open(file);
            case KERAS -> KerasWeights.open(file);
            case NUMPY -> NumpyWeights.open(file);
            case SAFETENSORS -> Safetensors.open(file);
        };
    }

    /** All tensors by name, in the order of the file. */
    SequencedMap<String, TensorEntry> tensors();

    /**
     * Reads a tensor of floats as 32-bit floats: BF16 and F16 exactly, F64 rounded.
     *
     * @param name which tensor
     * @param into takes its {@link TensorEntry#elements() elements} from its position on, row by row
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
     * Reads a tensor of integers or truth values as 64-bit integers.
     *
     * @throws WeightsException if there is no such tensor or it is of floats
     */
    long[] longs(String name) throws IOException;

    /**
     * Reads a tensor of floats as an fp32 array of its shape.
     *
     * @param scope owns the array
     * @throws WeightsException as for {@link #floats(String, FloatBuffer)}
     */
    NDArray array(String name, NDManager scope) throws IOException;
}
