package dev.murmuration.student;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.murmuration.programs.TorchProgram;
import dev.murmuration.student.network.Network;
import dev.murmuration.student.pixels.BatchPixels;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A student in training: weights, their moving average and the optimizer's two moments, each one vector inside the program. Not
 * thread-safe.
 *
 * <p>A step is one or more calls of {@link #accumulate}, then {@link #update}.
 */
public final class Training implements AutoCloseable {

    private static final int PART = 1 << 22;
    private static final int AVERAGE = 1;

    private final Network architecture;
    private final TorchProgram program;
    private boolean averageIsLoaded;
    private boolean gathering;
    private final Object staging = new Object();
    private boolean closed;

    private Training(Network architecture, TorchProgram program) {
        this.architecture = architecture;
        this.program = program;
    }

    /** Starts with random weights; the same seed gives the same ones. */
    public static Training begin(Network architecture, Device device, Precision precision, long seed) {
        return from(TrainingState.begin(architecture, seed), device, precision);
    }

    /**
     * Continues from a state.
     *
     * @param state read, not kept
     */
    public static Training from(TrainingState state, Device device, Precision precision) {
        return from(state, device, precision, true);
    }

    /**
     * Continues from a state.
     *
     * @param state read, not kept
     * @param averages whether a moving average is kept; if not, {@link #predict} and {@link #state} have the weights themselves
     *     in its place
     */
    public static Training from(TrainingState state, Device device, Precision precision, boolean averages) {
        Training training = new Training(
                state.architecture(), StudentProgram.load(state.architecture(), device, precision, averages));
        // One at a time: together they are four times as large as the student.
        for (int i = 0; i < state.vectors().size(); i++) {
            try (NDManager scope = training.program.newScope()) {
                NDArray vector = StudentProgram.vector(
                        scope, state.architecture(), state.vectors().get(i));
                if (i == 0) {
                    training.program.train(scope, "begin", new NDList(vector));
                } else {
                    training.program.train(scope, "resume", vector, scope.create(i));
                }
            } catch (IOException e) {
                training.close();
                throw new UncheckedIOException("a state of training cannot be read: " + e.getMessage(), e);
            }
        }
        return training;
    }

    /** The shape of the student. */
    public Network architecture() {
        return architecture;
    }

    /**
     * Adds the gradient of the cross-entropy against soft targets, averaged over the batch.
     *
     * @param pixels images of {@link Network#pixels()} values each, as {@link Pixels} gives them
     * @param targets for each image one probability or weight per class; rows need not sum to 1, a class weight scales its row
     * @param share of this batch in the next update: 1, or 1 / k where k batches make one update
     * @param temperature the logits are divided by it and the loss multiplied by its square (Hinton et al. 2015)
     * @param headOnly whether only the head learns (of a convolutional network: the fully connected layers); the layers below are
     *     then not differentiated
     * @return the loss before the share is applied
     */
    public float accumulate(
            List<float[]> pixels, List<float[]> targets, double share, double temperature, boolean headOnly) {
        return accumulate(pixels, targets, share, temperature, headOnly, Noise.NONE);
    }

    /**
     * As above, with noise against overfitting.
     *
     * @param noise dropout draws from libtorch's random state; call {@link dev.murmuration.programs.Torch#seed} before for
     *     repeatable results
     */
    public float accumulate(
            List<float[]> pixels,
            List<float[]> targets,
            double share,
            double temperature,
            boolean headOnly,
            Noise noise) {
        return accumulate(new BatchPixels.Values(pixels), targets, share, temperature, headOnly, noise);
    }

    /** As above, of photos in either form. */
    public float accumulate(
            BatchPixels pixels,
            List<float[]> targets,
            double share,
            double temperature,
            boolean headOnly,
            Noise noise) {
        try (StagedBatch batch = stage(pixels, targets, noise);
                NDManager scope = program.newScope()) {
            return gradient(scope, batch, share, temperature, headOnly).toFloatArray()[0];
        }
    }

    /**
     * Sends a batch to where the student computes. Another thread may do that while this one trains.
     *
     * @param targets as for {@link #accumulate}
     * @param noise of this batch
     * @throws IllegalStateException if the training is closed
     */
    public StagedBatch stage(BatchPixels pixels, List<float[]> targets, Noise noise) {
        synchronized (staging) {
            if (closed) {
                throw new IllegalStateException("a batch for a training that is closed");
            }
            return StagedBatch.of(program, architecture, pixels, targets, noise);
        }
    }

    /** As {@link #accumulate}, but a GPU may still be computing on return: the loss comes with the numbers of the update. */
    public void queueGradient(StagedBatch batch, double share, double temperature, boolean headOnly) {
        try (NDManager scope = program.newScope()) {
            gradient(scope, batch, share, temperature, headOnly);
        }
    }

    private NDArray gradient(NDManager scope, StagedBatch batch, double share, double temperature, boolean headOnly) {
        NDArray pixels = batch.pixels(program, scope);
        NDArray how =
                TorchProgram.onHost(scope, share, temperature, headOnly ? 1 : 0, gathering ? 0 : 1, batch.dropout());
        gathering = true;
        return program.train(scope, "accumulate", pixels, batch.targets(), batch.paths(), how)
                .get(0);
    }

    /**
     * Updates the weights that learned (all, or the head only) by the accumulated gradient, then the moving average, and resets
     * the gradient. Does nothing else if the gradient is not finite.
     *
     * @param learningRate of the head; the layer decay reduces it for the layers below
     * @param step number of this update, starting at 1
     * @param averageDecay the average becomes {@code decay * average + (1 - decay) * weights}
     * @return global norm of the gradient before clipping; NaN or infinite if it was
     */
    public float update(Optimizer optimizer, double learningRate, long step, double averageDecay) {
        return queueUpdate(optimizer, learningRate, step, averageDecay).norm();
    }

    /** As {@link #update}, but a GPU may still be computing on return. */
    public StepNumbers queueUpdate(Optimizer optimizer, double learningRate, long step, double averageDecay) {
        averageIsLoaded = false;
        gathering = false;
        NDManager scope = program.newScope(); // Until the numbers have been read.
        NDArray how = TorchProgram.onHost(
                scope,
                learningRate,
                (double) step,
                optimizer.maxNorm(),
                optimizer.beta1(),
                optimizer.beta2(),
                optimizer.epsilon(),
                optimizer.weightDecay(),
                optimizer.layerDecay(),
                averageDecay,
                optimizer.rectified() ? 1 : 0);
        return new StepNumbers(
                program, scope, program.train(scope, "update", how).get(0));
    }

    /** Resets both moments for a new stage, whose steps are counted from 1 again. */
    public void restart() {
        try (NDManager scope = program.newScope()) {
            program.train(scope, "restart");
        }
    }

    /**
     * Probabilities by the moving average, which is the student of a checkpoint.
     *
     * @param pixels images as for {@link #accumulate}
     * @return for each image {@code (negative, neutral, positive)}
     */
    public float[][] predict(List<float[]> pixels) {
        return predict(new BatchPixels.Values(pixels));
    }

    /** As above, of photos in either form. */
    public float[][] predict(BatchPixels pixels) {
        try (NDManager scope = program.newScope()) {
            if (!averageIsLoaded) {
                program.call(scope, "load_average");
                averageIsLoaded = true;
            }
            return Student.predict(program, scope, architecture, pixels, "forward");
        }
    }

    /**
     * Writes everything but the moving average that {@link #from} needs as one safetensors file, for {@link TrainingState#read}:
     * weights and both moments. However large the student, at most 16 MiB of it are in the heap.
     *
     * @param out stays open
     */
    public void write(OutputStream out) throws IOException {
        try (SafetensorsWriter writer = TrainingState.writer(out, architecture);
                NDManager scope = program.newScope()) {
            NDList vectors = program.train(scope, "state");
            for (int i = 0; i < vectors.size(); i++) {
                if (i != AVERAGE) {
                    write(vectors.get(i), 0, architecture.weightCount(), writer);
                }
            }
        }
    }

    /** Number of bytes that {@link #write} writes. */
    public long stateBytes() throws IOException {
        return TrainingState.size(architecture);
    }

    /** Writes the moving average as {@link StudentFolder#write} writes a student, with the same limit of heap. */
    public void writeStudent(StudentFiles files, Pixels pixels) throws IOException {
        try (NDManager scope = program.newScope()) {
            NDArray average = program.train(scope, "state").get(AVERAGE);
            StudentFolder.write(files, architecture, pixels, (from, to, writer) -> write(average, from, to, writer));
        }
    }

    private static void write(NDArray vector, long begin, long end, SafetensorsWriter writer) throws IOException {
        for (long from = begin; from < end; from += PART) {
            try (NDArray part = vector.get(new NDIndex("{}:{}", from, Math.min(end, from + PART)))) {
                writer.write(FloatBuffer.wrap(part.toFloatArray()));
            }
        }
    }

    /** A copy of everything that {@link #from} needs, in memory: four times as large as the student. */
    public TrainingState state() {
        try (NDManager scope = program.newScope()) {
            NDList vectors = program.train(scope, "state");
            return TrainingState.of(
                    architecture,
                    vectors.stream()
                            .map(v -> FloatBuffer.wrap(v.toFloatArray()))
                            .toList());
        }
    }

    /** The last accumulated gradient of the weights that learned, in the order of {@link Network#weights()}. */
    float[] gradient() {
        try (NDManager scope = program.newScope()) {
            return program.train(scope, "gradient").get(0).toFloatArray();
        }
    }

    /** Frees the program and its tensors. */
    @Override
    public void close() {
        synchronized (staging) {
            closed = true;
            program.close();
        }
    }

    /**
     * The losses and the norm of one update, which a GPU may still be computing. They are copied to the host without being waited for;
     * whoever reads them only after the next step was queued therefore rarely waits, and the GPU never does. Not thread-safe.
     */
    public static final class StepNumbers {

        private final TorchProgram program;
        private final NDManager scope;
        private final NDArray numbers;
        private float @Nullable [] values;

        /**
         * @param scope closed when they have been read
         * @param numbers in the host's memory: losses, norm, and a last one that is 0 until all are there
         */
        StepNumbers(TorchProgram program, NDManager scope, NDArray numbers) {
            this.program = program;
            this.scope = scope;
            this.numbers = numbers;
        }

        /** The loss of each batch of the update, before its share is applied. */
        public float[] losses() {
            float[] read = values();
            return Arrays.copyOf(read, read.length - 2);
        }

        /** Global norm of the gradient before clipping; NaN or infinite if it was. */
        public float norm() {
            float[] read = values();
            return read[read.length - 2];
        }

        private float[] values() {
            float[] read = values;
            if (read == null) {
                read = numbers.toFloatArray();
                if (read[read.length - 1] == 0) {
                    program.train(scope, "finish").get(0).toFloatArray();
                    read = numbers.toFloatArray();
                }
                values = read;
                scope.close();
            }
            return read;
        }
    }
}
