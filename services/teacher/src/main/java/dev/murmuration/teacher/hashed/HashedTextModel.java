package dev.murmuration.teacher.hashed;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import dev.murmuration.programs.Attributes;
import dev.murmuration.programs.TorchProgram;
import dev.murmuration.teacher.model.Classes;
import dev.murmuration.teacher.model.ModelException;
import dev.murmuration.teacher.model.ModelFolder;
import dev.murmuration.teacher.model.TextModel;
import dev.murmuration.weights.safetensors.Safetensors;
import java.io.IOException;
import java.util.List;

/**
 * A linear classifier over {@link HashedFeatures}: the kind of model that {@code bundled-fast} is. Its weights are 8-bit integers
 * with one scale a class; a text's logits are the sum of its features' rows over the square root of their number, so that long
 * texts are not surer than short ones by length alone. A text's scores are the same bits in every batch.
 */
public final class HashedTextModel implements TextModel {

    /** {@code model_type} in {@code config.json}. */
    public static final String TYPE = "hashed-ngrams";

    private static final int TEXTS_PER_CALL = 512;

    private final ModelFolder folder;
    private final HashedFeatures features;
    private final Classes classes;
    private final TorchProgram program;

    private HashedTextModel(ModelFolder folder, HashedFeatures features, Classes classes, TorchProgram program) {
        this.folder = folder;
        this.features = features;
        this.classes = classes;
        this.program = program;
    }

    /**
     * Loads a model of this kind.
     *
     * @throws ModelException if the folder lacks something or its parts do not fit each other
     */
    public static HashedTextModel load(ModelFolder folder) {
        JsonNode config = folder.config();
        try {
            int hashBits = config.path("hash_bits").asInt();
            HashedFeatures features = new HashedFeatures(hashBits);
            Classes classes = Classes.of(config);
            TorchProgram program =
                    TorchProgram.load(HashedTextModel.class, "hashed_ngrams.py", Attributes.none(), Device.cpu());
            HashedTextModel model = new HashedTextModel(folder, features, classes, program);
            try {
                model.loadWeights(1 << hashBits);
                return model;
            } catch (IOException | RuntimeException e) {
                model.close();
                throw e;
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new ModelException(folder, e);
        }
    }

    private void loadWeights(int buckets) throws IOException {
        int outputs = classes.count();
        try (Safetensors file = Safetensors.open(folder.file("model.safetensors"));
                NDManager scope = program.newScope()) {
            requireShape(file, "weight", List.of((long) buckets, (long) outputs));
            requireShape(file, "scale", List.of((long) outputs));
            requireShape(file, "bias", List.of((long) outputs));
            long[] steps = file.longs("weight");
            float[] scale = file.floats("scale");
            float[] weight = new float[steps.length];
            for (int i = 0; i < weight.length; i++) {
                weight[i] = steps[i] * scale[i % outputs];
            }
            program.call(
                    scope,
                    "load",
                    scope.create(weight, new Shape(buckets, outputs)),
                    scope.create(file.floats("bias")));
        }
    }

    private static void requireShape(Safetensors file, String name, List<Long> shape) {
        List<Long> found =
                file.tensors().containsKey(name) ? file.tensors().get(name).shape() : List.of();
        if (!found.equals(shape)) {
            throw new IllegalArgumentException("model.safetensors: tensor %s is %s, not %s"
                    .formatted(name, found.isEmpty() ? "missing" : found, shape));
        }
    }

    @Override
    public String name() {
        return folder.name();
    }

    @Override
    public String version() {
        return folder.version();
    }

    @Override
    public float[][] probabilities(List<String> texts) {
        float[][] probabilities = new float[texts.size()][];
        for (int from = 0; from < texts.size(); from += TEXTS_PER_CALL) {
            int to = Math.min(texts.size(), from + TEXTS_PER_CALL);
            score(texts.subList(from, to), probabilities, from);
        }
        return probabilities;
    }

    private void score(List<String> texts, float[][] into, int at) {
        int[][] ids = texts.stream().map(features::of).toArray(int[][]::new);
        long[] starts = new long[ids.length];
        float[] scale = new float[ids.length];
        int total = 0;
        for (int i = 0; i < ids.length; i++) {
            starts[i] = total;
            scale[i] = (float) (1 / Math.sqrt(ids[i].length));
            total += ids[i].length;
        }
        long[] all = new long[total];
        for (int i = 0; i < ids.length; i++) {
            for (int j = 0; j < ids[i].length; j++) {
                all[(int) starts[i] + j] = ids[i][j];
            }
        }
        try (NDManager scope = program.newScope()) {
            float[] rows = program.call(
                            scope,
                            "forward",
                            scope.create(all),
                            scope.create(starts),
                            scope.create(scale, new Shape(scale.length, 1)))
                    .singletonOrThrow()
                    .toFloatArray();
            for (int i = 0; i < ids.length; i++) {
                into[at + i] = classes.inOrder(rows, i);
            }
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
