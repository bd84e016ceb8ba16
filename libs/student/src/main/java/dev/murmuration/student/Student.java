package dev.murmuration.student;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.murmuration.programs.TorchProgram;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.ConvNet;
import dev.murmuration.student.network.Network;
import dev.murmuration.student.pixels.BatchPixels;
import dev.murmuration.student.pixels.Pixels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A trained student. Safe for use by several threads.
 *
 * <pre>{@code
 * try (Student student = Student.load(folder, Torch.device("auto"), Precision.FP32)) {
 *     float[][] probabilities = student.predict(List.of(student.pixels().of(bytes)));
 * }
 * }</pre>
 */
public final class Student implements AutoCloseable {

    private static final int PART_ON_GPU = 64;

    private final Network architecture;
    private final Pixels pixels;
    private final TorchProgram program;

    private final boolean tenCrops;

    private Student(Network architecture, Pixels pixels, TorchProgram program, boolean tenCrops) {
        this.architecture = architecture;
        this.pixels = pixels;
        this.program = program;
        this.tenCrops = tenCrops;
    }

    /**
     * Loads a student: a folder in Hugging Face layout ({@code config.json}, {@code model.safetensors},
     * {@code preprocessor_config.json}), or a network of the predecessors as {@link StudentFolder#read} finds it.
     *
     * @throws IOException if a file is missing, or does not describe a network with our classes; the message names file and problem
     */
    public static Student load(Path folder, Device device, Precision precision) throws IOException {
        return load(folder, device, precision, false);
    }

    /**
     * Loads a student as above.
     *
     * @param tenCrops whether its probabilities are the mean over ten crops of a photo, which takes ten times as long
     * @throws IOException as above, or if its input is the whole photo, so that there are no crops
     */
    public static Student load(Path folder, Device device, Precision precision, boolean tenCrops) throws IOException {
        StudentFolder files = StudentFolder.read(folder);
        if (tenCrops && !(files.architecture() instanceof ConvNet net && net.crops())) {
            throw new IOException("%s: %s sees whole photos: there are no ten crops"
                    .formatted(folder, files.architecture().name()));
        }
        TorchProgram program = StudentProgram.load(files.architecture(), device, precision, false);
        try (NDManager scope = program.newScope()) {
            program.call(scope, "load", new NDList(StudentProgram.vector(scope, files.architecture(), files::weights)));
        } catch (IOException | RuntimeException e) {
            program.close();
            throw e;
        }
        return new Student(files.architecture(), files.pixels(), program, tenCrops);
    }

    /** The shape of the student. */
    public Network architecture() {
        return architecture;
    }

    /** How a photo becomes the input of {@link #predict}: as in the student's training. */
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
        return predict(new BatchPixels.Values(images));
    }

    /**
     * As above, of photos in either form.
     *
     * @param images at least one; bytes are normalised as they say, which is usually {@link #pixels()}
     */
    public float[][] predict(BatchPixels images) {
        return ask(images, tenCrops ? "forward_ten" : "forward");
    }

    // A GPU computes one part while the next one is copied; only the answers are waited for. On a processor nothing
    // would
    // be won, and the bits depend on the size of a batch.
    static float[][] predict(
            TorchProgram program, NDManager scope, Network architecture, BatchPixels images, String method) {
        int part = program.device().isGpu() ? PART_ON_GPU : images.size();
        NDList answers = new NDList();
        for (int from = 0; from < images.size(); from += part) {
            BatchPixels some = images.part(from, Math.min(images.size(), from + part));
            NDArray values =
                    StagedBatch.Photos.of(program, scope, architecture, some).values(program, scope);
            answers.add(program.call(scope, method, values).get(0));
        }
        List<float[]> rows = new ArrayList<>();
        answers.forEach(answer -> rows.addAll(List.of(rows(answer.toFloatArray()))));
        return rows.toArray(float[][]::new);
    }

    /** How a photo becomes the input of {@link #regions}; empty if the student has no fully convolutional form. */
    public Optional<Pixels> widePixels() {
        return architecture instanceof ConvNet net
                ? Optional.of(new Pixels(net.wideSide(), pixels.resize(), pixels.mean(), pixels.deviation()))
                : Optional.empty();
    }

    /**
     * Class probabilities of the regions of an image, by the fully convolutional form of Campos et al. (2017).
     *
     * @param image as {@link #widePixels()} gives it
     * @return row by row from the top left, {@code (8, 8, 3)}: negative, neutral, positive of each region
     * @throws IllegalStateException if the student has no such form
     */
    public float[][][] regions(float[] image) {
        Pixels form = widePixels()
                .orElseThrow(() -> new IllegalStateException(architecture.name() + " is not convolutional"));
        try (NDManager scope = program.newScope()) {
            NDArray wide = StudentProgram.image(scope, form.side(), image);
            NDArray answers = program.call(scope, "regions", wide).get(0);
            float[] flat = answers.toFloatArray();
            int rows = (int) answers.getShape().get(2);
            int columns = (int) answers.getShape().get(3);
            float[][][] regions = new float[rows][columns][Architecture.CLASSES];
            for (int i = 0; i < flat.length; i++) {
                int cell = i % (rows * columns);
                regions[cell / columns][cell % columns][i / (rows * columns)] = flat[i];
            }
            return regions;
        }
    }

    /** Whether the student can score single patches: it is a ViT whose head reads their mean. */
    public boolean scoresPatches() {
        return architecture instanceof Architecture vit && vit.mean();
    }

    /**
     * Applies the head to the token of each patch; returns probabilities. A linear head's logits of the image are the mean of
     * those of its patches.
     *
     * @param image {@code (3, side, side)} as {@link #pixels()} gives it
     * @return row by row from the top left, {@code (rows, columns, 3)}: negative, neutral, positive of each patch
     * @throws IllegalStateException if the student does not read the mean of its patches
     */
    public float[][][] patches(float[] image) {
        float[][] each = patches(List.of(image), "patches");
        int grid = architecture.side() / architecture.cell();
        float[][][] patches = new float[grid][grid][];
        for (int i = 0; i < each.length; i++) {
            patches[i / grid][i % grid] = each[i];
        }
        return patches;
    }

    /** Logits of the patches of all images, image by image. */
    float[][] patchLogits(List<float[]> images) {
        return patches(images, "patch_logits");
    }

    private float[][] patches(List<float[]> images, String method) {
        if (!scoresPatches()) {
            throw new IllegalStateException(architecture.name() + " does not read the mean of its patches");
        }
        return ask(new BatchPixels.Values(images), method);
    }

    float[][] logits(List<float[]> images) {
        return ask(new BatchPixels.Values(images), "logits");
    }

    private float[][] ask(BatchPixels images, String method) {
        try (NDManager scope = program.newScope()) {
            return predict(program, scope, architecture, images, method);
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
