package dev.murmuration.teacher.transformer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
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
    private final boolean pads;

    private TransformerProgram(TorchProgram program, TransformerShape shape, int classes, boolean pads) {
        this.program = program;
        this.shape = shape;
        this.classes = classes;
        this.pads = pads;
    }

    /**
     * Loads the program and takes the weights in, layer by layer.
     *
     * @throws IllegalArgumentException if a tensor is missing or has another shape
     */
    static TransformerProgram load(TransformerShape shape, int classes, Weights weights, boolean bf16, Device device)
            throws IOException {
        return load(shape, classes, weights, bf16, device, device.isGpu());
    }

    /**
     * Loads the program as above.
     *
     * @param pads whether all texts of a batch are attended to in one call, filled up to the longest, instead of one call a length
     */
    static TransformerProgram load(
            TransformerShape shape, int classes, Weights weights, boolean bf16, Device device, boolean pads)
            throws IOException {
        TorchProgram program =
                TorchProgram.load(TransformerProgram.class, "encoder.py", shape.attributes(bf16), device);
        TransformerProgram loaded = new TransformerProgram(program, shape, classes, pads);
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

    /** A batch of texts in order of length, as this program takes it. */
    PackedTokens packed(List<long[]> texts) {
        return PackedTokens.of(texts, shape.padding(), shape.firstPosition(), pads ? 0 : PackedTokens.LEAST_ROWS);
    }

    /** Whether a text counts as much as the longest of its batch. */
    boolean pads() {
        return pads;
    }

    /** Logits (texts, classes) row by row, and maybe rows of padding after them, in the model's own order of classes. */
    float[] logits(List<long[]> texts) {
        try (Answers answers = queue(packed(texts))) {
            return answers.logits();
        }
    }

    /** Computes a batch; a GPU may still be computing on return. */
    Answers queue(PackedTokens packed) {
        NDManager scope = program.newScope();
        NDArray ids = upload(scope, packed.ids());
        NDArray positions = upload(scope, packed.positions());
        NDArray firsts = upload(scope, packed.firsts());
        NDList answers;
        if (pads) {
            NDArray grid = TorchProgram.onHost(scope, packed.grid());
            answers =
                    program.call(scope, "forward_padded", ids, positions, upload(scope, packed.places()), grid, firsts);
        } else {
            NDArray groups = scope.create(packed.groups(), new Shape(packed.groups().length / 2, 2));
            answers = program.call(scope, "forward", ids, positions, groups, firsts);
        }
        return new Answers(scope, answers.singletonOrThrow());
    }

    private NDArray upload(NDManager scope, long[] numbers) {
        return program.upload(
                scope,
                new Shape(numbers.length),
                DataType.INT64,
                room -> room.asLongBuffer().put(numbers));
    }

    /** The answers to a batch, which may still be computed. */
    record Answers(NDManager scope, NDArray array) implements AutoCloseable {

        /** Waits for the logits, as {@link TransformerProgram#logits} has them. */
        float[] logits() {
            return array.toFloatArray();
        }

        @Override
        public void close() {
            scope.close();
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
