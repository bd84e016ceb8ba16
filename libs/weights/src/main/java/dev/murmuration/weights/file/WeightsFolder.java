package dev.murmuration.weights.file;

import dev.murmuration.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the weights in a folder with Hugging Face's layout. */
public final class WeightsFolder {

    /** The names that transformers looks for, in the same order. */
    public static final List<String> NAMES = List.of(
            "model.safetensors",
            "model.safetensors" + ShardedWeights.ENDING,
            "pytorch_model.bin",
            "pytorch_model.bin" + ShardedWeights.ENDING);

    private WeightsFolder() {}

    /** Returns the file to pass to {@link WeightsFile#open}; if there is none, the preferred name. */
    public static Path weights(Path folder) {
        return NAMES.stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElse(folder.resolve(NAMES.getFirst()));
    }

    /**
     * Returns the files that contain tensors: all shards of a sharded model, else the one file.
     *
     * @throws WeightsException if the index of a sharded model is invalid
     */
    public static List<Path> parts(Path weights) throws IOException {
        return ShardedWeights.isIndex(weights) ? ShardedWeights.files(weights) : List.of(weights);
    }

    /**
     * Refuses a description whose claimed sizes are too large for the files, before anything of these sizes is allocated.
     *
     * @param numbers number of weights described
     * @throws WeightsException if the files have less than a byte for each, as 8-bit weights have
     */
    public static void requireRoom(Path weights, long numbers) throws IOException {
        long bytes = 0;
        for (Path part : parts(weights)) {
            if (!Files.isRegularFile(part)) {
                throw new WeightsException("%s: there is no such file".formatted(part));
            }
            bytes += Files.size(part);
        }
        if (numbers > bytes) {
            throw new WeightsException("%s: has %d bytes, too few for the %d weights that its config.json describes"
                    .formatted(weights, bytes, numbers));
        }
    }
}
