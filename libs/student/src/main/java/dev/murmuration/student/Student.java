package dev.murmuration.student;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.murmuration.torch.TorchProgram;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * A trained student that looks at photos. Several threads may ask it at once.
 *
 * <pre>{@code
 * try (Student student = Student.load(folder, Torch.device("auto"), Precision.FP32)) {
 *     float[][] probabilities = student.predict(List.of(student.pixels().of(bytes)));
 * }
 * }</pre>
 */
public final class Student implements AutoCloseable {

    private final Architecture architecture;
    private final Pixels pixels;
    private final TorchProgram program;

    private Student(Architecture architecture, Pixels pixels, TorchProgram program) {
        this.architecture = architecture;
        this.pixels = pixels;
        this.program = program;
    }

    /**
     * Loads a folder in Hugging Face layout: {@code config.json}, {@code model.safetensors}, {@code preprocessor_config.json}.
     *
     * @throws IOException if a file is missing, or is not of a ViT with three classes; the message says which and why
     */
    public static Student load(Path folder, Device device, Precision precision) throws IOException {
        StudentFolder files = StudentFolder.read(folder);
        float[] weights = files.weights();
        TorchProgram program = VitProgram.load(files.architecture(), device, precision, false);
        try (NDManager scope = program.newScope()) {
            program.call(scope, "load", new NDList(VitProgram.vector(scope, FloatBuffer.wrap(weights))));
        }
        return new Student(files.architecture(), files.pixels(), program);
    }

    /** The shape of the student. */
    public Architecture architecture() {
        return architecture;
    }

    /** How a photo becomes what {@link #predict} takes: as it was when the student learned. */
    public Pixels pixels() {
        return pixels;
    }

    /**
     * Class probabilities of a batch.
     *
     * @param images at least one, each {@code (3, side, side)} as {@link #pixels()} gives it; a few dozen at a time are fastest
     * @return for each image {@code (negative, neutral, positive)}, summing to 1
     */
    public float[][] predict(List<float[]> images) {
        try (NDManager scope = program.newScope()) {
            return predict(program, scope, architecture, images);
        }
    }

    static float[][] predict(TorchProgram program, NDManager scope, Architecture architecture, List<float[]> images) {
        NDArray batch = VitProgram.batch(scope, architecture, images);
        return rows(program.call(scope, "forward", batch).get(0).toFloatArray());
    }

    float[][] logits(List<float[]> images) {
        try (NDManager scope = program.newScope()) {
            NDArray batch = VitProgram.batch(scope, architecture, images);
            return rows(program.call(scope, "logits", batch).get(0).toFloatArray());
        }
    }

    private static float[][] rows(float[] flat) {
        float[][] rows = new float[flat.length / Architecture.CLASSES][Architecture.CLASSES];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(flat, i * Architecture.CLASSES, rows[i], 0, Architecture.CLASSES);
        }
        return rows;
    }

    /** Frees the program and its weights. */
    @Override
    public void close() {
        program.close();
    }
}
