package dev.murmuration.trainer.run;

import dev.murmuration.student.Optimizer;
import dev.murmuration.student.StudentFiles;
import dev.murmuration.student.StudentFolder;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.data.ShardReference;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Small students, and shards of drawn photos whose class is their colour: red negative, green neutral, blue positive. */
public final class DrawnSamples {

    static final Architecture SMALL = new Architecture(16, 8, 16, 1, 2, 32, 1e-6);
    /** The same with a head that reads the mean of the patches. */
    static final Architecture SMALL_MEAN = new Architecture(16, 8, 16, 1, 2, 32, 1e-6, 0, false, true);

    public static final Pixels PIXELS = Pixels.symmetric(16, Resize.PILLOW_BILINEAR);

    private DrawnSamples() {}

    static Recipe recipe() {
        return new Recipe(
                "distil",
                true,
                0,
                false,
                1,
                Augmentation.MIRROR,
                1,
                3e-3,
                40,
                true,
                0,
                0,
                .9,
                new Optimizer(false, 1, .9, .999, 1e-8, .05, 1));
    }

    static Plan plan(Recipe recipe) {
        return plan(SMALL, recipe);
    }

    static Plan plan(Architecture architecture, Recipe recipe) {
        return plan(architecture, recipe, 1);
    }

    static Plan plan(Recipe recipe, double replay) {
        return plan(SMALL, recipe, replay);
    }

    private static Plan plan(Architecture architecture, Recipe recipe, double replay) {
        return new Plan("run", "flat", architecture, PIXELS, recipe, 7, 8, replay, 6, 24, 9);
    }

    /** Samples of a shard, without the detour over a tar. */
    static List<Sample> samples(String shard, int count) {
        return samples(shard, count, PIXELS.side());
    }

    /** The same, kept at another width and height. */
    public static List<Sample> samples(String shard, int count, int side) {
        ShardReference known = new ShardReference(shard, "0");
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            try {
                samples.add(new Sample(
                        known,
                        i,
                        shard + "-" + i,
                        scores(i % 3),
                        i % 3,
                        PIXELS.squash(jpeg(i % 3, shard.hashCode() + i), side)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return samples;
    }

    public static float[] scores(int label) {
        float[] scores = {.1f, .1f, .1f};
        scores[label] = .8f;
        return scores;
    }

    public static byte[] jpeg(int label, long seed) throws IOException {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(24, 20, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        int[] colour = {40 + random.nextInt(60), 40 + random.nextInt(60), 40 + random.nextInt(60)};
        colour[label] += 120;
        graphics.setColor(new Color(colour[0], colour[1], colour[2]));
        graphics.fillRect(0, 0, 24, 20);
        graphics.setColor(Color.GRAY);
        graphics.fillOval(random.nextInt(18), random.nextInt(14), 6, 6);
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", bytes);
        return bytes.toByteArray();
    }

    public static byte[] shard(String name, int count) throws IOException {
        List<String> names = new ArrayList<>();
        List<byte[]> contents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = "%016x-%d".formatted(name.hashCode() & 0xffffffffL, i);
            float[] scores = scores(i % 3);
            names.addAll(List.of(key + ".jpg", key + ".json", key + ".cls"));
            contents.add(jpeg(i % 3, name.hashCode() + i));
            contents.add(String.format(
                            Locale.ROOT,
                            "{\"scores\":{\"negative\":%.4f,\"neutral\":%.4f,\"positive\":%.4f}}",
                            scores[0],
                            scores[1],
                            scores[2])
                    .getBytes(StandardCharsets.UTF_8));
            contents.add(String.valueOf(i % 3).getBytes(StandardCharsets.US_ASCII));
        }
        return tar(names, contents);
    }

    public static byte[] tar(List<String> names, List<byte[]> contents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (int i = 0; i < names.size(); i++) {
                TarArchiveEntry entry = new TarArchiveEntry(names.get(i));
                entry.setSize(contents.get(i).length);
                entry.setModTime(0);
                tar.putArchiveEntry(entry);
                tar.write(contents.get(i));
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** Everything that a run has learned as one file, to be compared: weights and moments, then their average. */
    static void write(TrainingRun run, Path file) throws IOException {
        Path student = student(run, file);
        try (OutputStream out = Files.newOutputStream(file)) {
            run.training().write(out);
            for (String name : List.of("model.safetensors", "head.safetensors")) {
                if (Files.exists(student.resolve(name))) {
                    Files.copy(student.resolve(name), out);
                }
            }
        }
    }

    /** The averaged weights of a run, by way of the folder that a checkpoint would have. */
    public static float[] average(TrainingRun run, Path folder) throws IOException {
        return StudentFolder.read(student(run, folder)).weights();
    }

    private static Path student(TrainingRun run, Path place) throws IOException {
        Path student = place.resolveSibling(place.getFileName() + "-student");
        run.training()
                .writeStudent(
                        StudentFiles.in(Files.createDirectories(student)),
                        run.plan().pixels());
        return student;
    }

    static float[] values(FloatBuffer vector) {
        float[] values = new float[vector.remaining()];
        vector.duplicate().get(values);
        return values;
    }

    /** The files of a tar, each at its place in a folder. */
    public static void unpack(Path tar, Path into) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(tar));
                TarArchiveInputStream entries = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path file = into.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(entries, file);
            }
        }
    }
}
