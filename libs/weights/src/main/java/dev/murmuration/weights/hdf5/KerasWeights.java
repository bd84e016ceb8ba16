package dev.murmuration.weights.hdf5;

import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.TensorFile;
import dev.murmuration.weights.TensorType;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.WeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Weights as Keras writes them to HDF5, by {@code save_weights} or, under {@code model_weights}, by {@code save}. A tensor's name
 * is its path in the file: the names of the layers around it and its own, joined by slashes, for example
 * {@code vit-b32/Transformer/encoder_norm/gamma:0}.
 */
public final class KerasWeights {

    private static final String OF_A_MODEL = "model_weights";

    private KerasWeights() {}

    /**
     * Opens a file and finds its tensors.
     *
     * @throws WeightsException if it is truncated, or needs a part of HDF5 that Keras does not use
     * @throws IOException if the file cannot be read
     */
    public static Weights open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            Hdf5File hdf5 = new Hdf5File(file.toString(), channel);
            SequencedMap<String, Hdf5File.Dataset> datasets = hdf5.datasets(OF_A_MODEL);
            SequencedMap<String, TensorEntry> tensors = new LinkedHashMap<>();
            Map<String, TensorFile.Packed> packed = new HashMap<>();
            for (Map.Entry<String, Hdf5File.Dataset> named : datasets.entrySet()) {
                String name = named.getKey();
                switch (named.getValue()) {
                    case Hdf5File.Contiguous(TensorType type, List<Long> shape, long begin, long bytes) ->
                        tensors.put(name, new TensorEntry(name, type, shape, begin, begin + bytes));
                    case Hdf5File.Compact(TensorType type, List<Long> shape, ByteBuffer content) -> {
                        tensors.put(name, new TensorEntry(name, type, shape, 0, content.limit()));
                        packed.put(name, content::duplicate);
                    }
                    case ChunkedDataset chunked -> {
                        tensors.put(name, new TensorEntry(name, chunked.type(), chunked.shape(), 0, chunked.bytes()));
                        packed.put(name, () -> chunked.unpack(file.toString(), name, channel));
                    }
                }
            }
            if (tensors.isEmpty()) {
                throw new WeightsException("%s: contains no tensors".formatted(file));
            }
            return new TensorFile(file, channel, tensors, packed);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }
}
