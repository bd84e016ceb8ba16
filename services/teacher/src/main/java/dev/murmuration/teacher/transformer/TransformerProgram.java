package dev.murmuration.teacher.transformer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.murmuration.programs.TorchProgram;
import dev.murmuration.weights.Weights;
import java.io.IOException;
import java.util.List;

/** {@code encoder.py} with a model's weights in it, in one precision. */
final class TransformerProgram implements AutoCloseable {

    private final TorchProgram program;
    private final TransformerShape shape;
    private final int classes;

    private TransformerProgram(TorchProgram program, TransformerShape shape, int classes) {
        this.program = program;
        this.shape = shape;
        this.classes = classes;
    }

    /**
     * Loads the program and takes the weights in, layer by layer.
     *
     * @throws IllegalArgumentException if a tensor is missing or has another shape
     */
    static TransformerProgram load(TransformerShape shape, int classes, Weights weights, boolean bf16, Device device)
            throws IOException {
        TorchProgram program =
                TorchProgram.load(TransformerProgram.class, "encoder.py", shape.attributes(bf16), device);
        TransformerProgram loaded = new TransformerProgram(program, shape, classes);
        try {
            loaded.take("embeddings", shape.embeddings(), weights);
            for (int layer = 0; layer < shape.layers(); layer++) {
                loaded.take("layer", shape.layer(layer), weights);
            }
            loaded.take("head", shape.head(classes), weights);
            return loaded;
        } catch (IOException | RuntimeException e) {
            program.close();
            throw e;
        }
    }

    private void take(String method, List<TransformerShape.Named> tensors, Weights weights) throws IOException {
        try (NDManager scope = program.newScope()) {
            NDList arrays = new NDList();
            for (TransformerShape.Named tensor : tensors) {
                tensor.requireIn(weights);
                arrays.add(weights.array(tensor.name(), scope));
            }
            program.call(scope, method, arrays);
        }
    }

    /** Logits (texts, classes) row by row, and maybe rows of padding after them, in the model's own order of classes. */
    float[] logits(List<long[]> texts) {
        PackedTokens packed = PackedTokens.of(texts, shape.padding(), shape.firstPosition());
        try (NDManager scope = program.newScope()) {
            NDArray groups = scope.create(packed.groups(), new Shape(packed.groups().length / 2, 2));
            return program.call(
                            scope,
                            "forward",
                            scope.create(packed.ids()),
                            scope.create(packed.positions()),
                            groups,
                            scope.create(packed.firsts()))
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }

    TransformerShape shape() {
        return shape;
    }

    int classes() {
        return classes;
    }

    @Override
    public void close() {
        program.close();
    }
}
