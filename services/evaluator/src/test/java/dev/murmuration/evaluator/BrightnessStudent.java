package dev.murmuration.evaluator;

import dev.murmuration.student.StudentFolder;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.Weight;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import javax.imageio.ImageIO;

/**
 * A real student whose weights were set by hand, so that what it says of a photo is known: bright is positive, dark is negative,
 * half and half is neutral. Patches put their brightness into channel 0, the one attention layer averages it (no queries, no
 * keys), the head reads it.
 */
public final class BrightnessStudent {

    private static final Architecture SHAPE = Architecture.named("vit-demo-8-64");
    private static final Architecture ON_PATCHES = Architecture.named("vit-demo-8-64-mean");

    private BrightnessStudent() {}

    /** Writes the student as a Hugging Face folder. */
    public static void write(Path folder) throws IOException {
        write(folder, 0);
    }

    /** The same with some more trust in neutral: another student with other bytes, that says the same of the photos below. */
    public static void write(Path folder, double neutral) throws IOException {
        write(folder, SHAPE, neutral);
    }

    /** One that reads the mean of its patches: each patch speaks by its own brightness. */
    public static void writeOnPatches(Path folder) throws IOException {
        write(folder, ON_PATCHES, 0);
    }

    // All names are those of a head on the class token: the vector has the same layout either way.
    private static void write(Path folder, Architecture shape, double neutral) throws IOException {
        float[] all = new float[SHAPE.weightCount()];
        int patch = 3 * SHAPE.patch() * SHAPE.patch();
        fill(all, "vit.embeddings.patch_embeddings.projection.weight", i -> i < patch ? 1.0 / patch : 0);
        fill(all, "vit.embeddings.cls_token", i -> i == 1 ? 1 : 0);
        String layer = "vit.encoder.layer.0.";
        fill(all, layer + "layernorm_before.weight", i -> 1);
        fill(all, layer + "attention.attention.value.weight", BrightnessStudent::identity);
        fill(all, layer + "attention.output.dense.weight", BrightnessStudent::identity);
        fill(all, "vit.layernorm.weight", i -> 1);
        fill(all, "classifier.weight", i -> i == 0 ? -1 : i == 2 * SHAPE.dim() ? 1 : 0);
        fill(all, "classifier.bias", i -> i == 1 ? 3 + neutral : 0);
        StudentFolder.write(
                folder, shape, Pixels.symmetric(SHAPE.side(), Resize.PILLOW_BILINEAR), FloatBuffer.wrap(all));
    }

    /** A student that answers NaN to everything. */
    public static void writeBroken(Path folder) throws IOException {
        float[] all = new float[SHAPE.weightCount()];
        Arrays.fill(all, Float.NaN);
        StudentFolder.write(
                folder, SHAPE, Pixels.symmetric(SHAPE.side(), Resize.PILLOW_BILINEAR), FloatBuffer.wrap(all));
    }

    /** A PNG that this student takes for class 0, 1 or 2; the shade makes files differ. */
    public static byte[] photo(int label, int shade) {
        BufferedImage photo = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = photo.createGraphics();
        int bright = 200 + shade % 50;
        graphics.setColor(new Color(255 - bright, 255 - bright, 255 - bright));
        graphics.fillRect(0, 0, 64, label == 0 ? 64 : label == 1 ? 32 : 0);
        graphics.setColor(new Color(bright, bright, bright));
        graphics.fillRect(0, label == 0 ? 64 : label == 1 ? 32 : 0, 64, 64);
        graphics.dispose();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(photo, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return png.toByteArray();
    }

    /** A benchmark of fifteen such photos, five of each class. */
    public static Path benchmark(Path folder) throws IOException {
        Files.createDirectories(folder);
        StringBuilder index = new StringBuilder("path,class\n");
        for (int i = 0; i < 15; i++) {
            Files.write(folder.resolve(i + ".png"), photo(i % 3, i));
            index.append(i).append(".png,").append(i % 3).append('\n');
        }
        Files.writeString(folder.resolve("index.csv"), index);
        return folder;
    }

    private static double identity(int index) {
        return index / SHAPE.dim() == index % SHAPE.dim() ? 1 : 0;
    }

    private static void fill(float[] all, String name, IntToDoubleFunction value) {
        Weight weight = SHAPE.weights().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        for (int i = 0; i < weight.length(); i++) {
            all[weight.offset() + i] = (float) value.applyAsDouble(i);
        }
    }
}
