package dev.murmuration.weights.file;

import dev.murmuration.weights.Weights;
import dev.murmuration.weights.WeightsException;
import dev.murmuration.weights.caffe.CaffeModel;
import dev.murmuration.weights.hdf5.KerasWeights;
import dev.murmuration.weights.numpy.NumpyWeights;
import dev.murmuration.weights.pickle.PickledWeights;
import dev.murmuration.weights.safetensors.Safetensors;
import java.io.IOException;
import java.nio.file.Path;

/** Opens a file of weights in any of the formats. */
public final class WeightsFile {

    private WeightsFile() {}

    /**
     * Opens a file in the format that its first bytes indicate: PyTorch's {@code .bin}, {@code .pt} and {@code .pth}, the
     * {@code .h5} of Keras, NumPy's {@code .npz} and {@code .npy}; anything else is read as safetensors. Only Caffe's
     * {@code .caffemodel} and {@code .binaryproto} are known by their names, and the {@code .index.json} of weights in several
     * files. No code in the file is run.
     *
     * @throws WeightsException if the file is truncated, or contains something that weights do not need
     * @throws IOException if the file cannot be read
     */
    public static Weights open(Path file) throws IOException {
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
}
