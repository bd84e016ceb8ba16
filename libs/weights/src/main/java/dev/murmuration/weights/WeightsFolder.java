package dev.murmuration.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where a folder in the layout of Hugging Face has its weights. */
public final class WeightsFolder {

    /** The names that transformers looks for, in its order. */
    public static final List<String> NAMES = List.of(
            "model.safetensors",
            "model.safetensors" + ShardedWeights.ENDING,
            "pytorch_model.bin",
            "pytorch_model.bin" + ShardedWeights.ENDING);

    private WeightsFolder() {}

    /** The file that {@link Weights#open} takes; where there is none, the name of the first that was looked for. */
    public static Path weights(Path folder) {
        return NAMES.stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElse(folder.resolve(NAMES.getFirst()));
    }

    /**
     * The files that hold tensors: of a sharded model all shards, else the one file.
     *
     * @throws WeightsException if the index of a sharded model is not one
     */
    public static List<Path> parts(Path weights) throws IOException {
        return ShardedWeights.isIndex(weights) ? ShardedWeights.files(weights) : List.of(weights);
    }

    /**
     * Refuses sizes that a description claims and no file has room for, before anything of these sizes is made.
     *
     * @param numbers how many weights are described
     * @throws WeightsException if the files have less than two bytes for each
     */
    public static void requireRoom(Path weights, long numbers) throws IOException {
        long bytes = 0;
        for (Path part : parts(weights)) {
            if (!Files.isRegularFile(part)) {
                throw new WeightsException("%s: there is no such file".formatted(part));
            }
            bytes += Files.size(part);
        }
        if (numbers > bytes / Short.BYTES) {
            throw new WeightsException("%s: has %d bytes, too few for the %d weights that its config.json describes"
                    .formatted(weights, bytes, numbers));
        }
    }
}
