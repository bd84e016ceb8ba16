package dev.murmuration.student;

import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.ConvNet;
import dev.murmuration.student.network.ConvNet.Family;
import dev.murmuration.student.network.Weight;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.file.WeightsFile;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A network of the predecessors as it was published: a {@code .caffemodel}, or a conversion by MMdnn, PyTorch or
 * caffe-tensorflow. Its shape is that of its tensors; pooling and normalisation have the order of its layers if the file has it,
 * else three classes mean the Hybrid network and any other number CaffeNet. Photos are shown as the publication says, with the
 * mean of a {@code mean.binaryproto} beside it.
 *
 * <p>Published networks take blue, green and red from 0 to 255 less a mean. Here they take red, green and blue: the first layer's
 * channels are swapped instead.
 */
final class PublishedConvNet {

    private static final String MEAN = "mean.binaryproto";
    private static final Pattern FILE = Pattern.compile(".+\\.(caffemodel|npy|pth|pt)");

    /** So far below the others that its probability is 0 in any precision, and finite: 0 times it must be 0. */
    private static final float NEVER = -1e4f;

    private static final int CLASSES = Architecture.CLASSES;
    private static final int POSITIVE = 2;

    private final Path file;
    private final ConvNet network;
    private final int classes;
    private final Pixels pixels;

    private PublishedConvNet(Path file, ConvNet network, int classes, Pixels pixels) {
        this.file = file;
        this.network = network;
        this.classes = classes;
        this.pixels = pixels;
    }

    /** Whether this may be one: a file with such a name, or a folder without a description that contains one. */
    static boolean isAt(Path model) throws IOException {
        return fileAt(model).isPresent();
    }

    /**
     * The file itself, or the one in the folder.
     *
     * @throws IOException if the folder contains several
     */
    static Optional<Path> fileAt(Path model) throws IOException {
        if (Files.isRegularFile(model)) {
            return Optional.of(model).filter(PublishedConvNet::hasItsName);
        }
        if (!Files.isDirectory(model) || Files.exists(model.resolve("config.json"))) {
            return Optional.empty();
        }
        try (Stream<Path> inside = Files.list(model)) {
            List<Path> files =
                    inside.filter(PublishedConvNet::hasItsName).sorted().toList();
            if (files.size() > 1) {
                throw new IOException("%s: may be any of %s"
                        .formatted(model, files.stream().map(Path::getFileName).toList()));
            }
            return files.stream().findFirst();
        }
    }

    /** Whether a file may be one, judging by its name. */
    static boolean hasItsName(Path file) {
        return FILE.matcher(String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT))
                .matches();
    }

    /**
     * Determines its shape, with any classes; {@link #weights(FloatBuffer)} reads the weights.
     *
     * @throws IOException if the file is truncated or contains another network
     */
    static PublishedConvNet read(Path model) throws IOException {
        Path file = fileAt(model).orElseThrow(() -> new IOException("%s: no published network".formatted(model)));
        try (PublishedTensors tensors = PublishedTensors.open(file)) {
            int classes = tensors.rows("fc8.weight");
            ConvNet network = network(file, tensors, classes);
            return new PublishedConvNet(file, network, classes, pixels(file, network));
        }
    }

    private static ConvNet network(Path file, PublishedTensors tensors, int classes) throws IOException {
        boolean vgg = tensors.has("conv1_1.weight");
        List<Integer> widths = new ArrayList<>();
        for (int block = 1; block <= 5; block++) {
            widths.add(tensors.rows("conv" + block + (vgg ? "_1" : "") + ".weight"));
        }
        Family family =
                vgg ? Family.VGG19 : normalisesFirst(tensors.layers(), classes) ? Family.HYBRID : Family.CAFFENET;
        long grid = tensors.columns("fc6.weight") / widths.getLast();
        int cells = (int) Math.round(Math.sqrt((double) grid));
        try {
            return new ConvNet(family, cells, widths, List.of(tensors.rows("fc6.weight"), tensors.rows("fc7.weight")));
        } catch (IllegalArgumentException e) {
            throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static boolean normalisesFirst(List<String> layers, int classes) {
        return (layers.contains("norm1") && layers.contains("pool1"))
                ? layers.indexOf("norm1") < layers.indexOf("pool1")
                : classes == CLASSES;
    }

    private static Pixels pixels(Path file, ConvNet network) throws IOException {
        Path mean = file.resolveSibling(MEAN);
        return Files.isRegularFile(mean) ? network.form(mean(mean).reversed()) : network.form();
    }

    /** The mean of each channel of a mean image. */
    private static List<Double> mean(Path file) throws IOException {
        try (Weights weights = WeightsFile.open(file)) {
            float[] values = weights.floats("mean");
            List<Long> shape = Objects.requireNonNull(weights.tensors().get("mean"))
                    .shape(); // (3, height, width), perhaps within (1, ...)
            int area = values.length / 3;
            if (shape.size() < 3 || shape.get(shape.size() - 3) != 3 || values.length != 3 * area || area == 0) {
                throw new IOException("%s: is %s, not one image of three channels".formatted(file, shape));
            }
            List<Double> means = new ArrayList<>();
            for (int c = 0; c < 3; c++) {
                double sum = 0;
                for (int i = 0; i < area; i++) {
                    sum += values[c * area + i];
                }
                means.add(sum / area);
            }
            if (means.stream().anyMatch(mean -> !(mean >= 0 && mean <= 255))) {
                throw new IOException("%s: is %s on average, not a colour from 0 to 255".formatted(file, means));
            }
            return means;
        }
    }

    ConvNet network() {
        return network;
    }

    Pixels pixels() {
        return pixels;
    }

    /** Its classes. */
    int classes() {
        return classes;
    }

    /** Whether it is a student: its classes are negative and positive, with or without neutral. */
    boolean hasOurClasses() {
        return classes == CLASSES || classes == 2;
    }

    /**
     * Reads all weights in the order of {@link ConvNet#weights()}; an output layer for other classes is skipped.
     *
     * @throws IOException if the file is truncated, or a tensor is missing or has another shape
     */
    void weights(FloatBuffer all) throws IOException {
        try (PublishedTensors tensors = PublishedTensors.open(file)) {
            for (Weight weight : network.weights()) {
                if (hasOurClasses() || !weight.isOutput()) {
                    read(tensors, weight, all);
                }
            }
        }
        exchangeRedAndBlue(all);
    }

    private void read(PublishedTensors tensors, Weight weight, FloatBuffer all) throws IOException {
        List<Long> shape = tensors.shape(weight.name());
        int rows = weight.isOutput() ? classes : weight.shape().getFirst();
        int row = weight.length() / weight.shape().getFirst();
        // The fully convolutional form has (4096, 256, 6, 6) where the other has (4096, 9216): the same values in the
        // same order.
        boolean convolution = weight.name().startsWith("conv") && weight.shape().size() > 1;
        if (shape.getFirst() != rows
                || tensors.columns(weight.name()) != row
                || (convolution
                        && !shape.equals(
                                weight.shape().stream().map(Integer::longValue).toList()))) {
            throw new IOException("%s: %s must be %s, and is %s".formatted(file, weight.name(), weight.shape(), shape));
        }
        if (rows == weight.shape().getFirst()) {
            tensors.read(
                    weight.name(),
                    weight.name().equals("fc6.weight") ? network.widths().getLast() : 0,
                    all.slice(weight.offset(), weight.length()));
        } else { // negative and positive, with neutral between them
            float[] two = new float[rows * row];
            tensors.read(weight.name(), 0, FloatBuffer.wrap(two));
            all.put(weight.offset(), two, 0, row);
            all.put(weight.offset() + POSITIVE * row, two, row, row);
            if (!weight.isMatrix()) {
                all.put(weight.offset() + 1, NEVER);
            }
        }
    }

    private void exchangeRedAndBlue(FloatBuffer all) {
        Weight first = network.weights().getFirst();
        int area = first.shape().get(2) * first.shape().get(3);
        for (int out = 0; out < first.shape().getFirst(); out++) {
            int blue = first.offset() + out * 3 * area;
            int red = blue + 2 * area;
            for (int i = 0; i < area; i++) {
                float value = all.get(blue + i);
                all.put(blue + i, all.get(red + i));
                all.put(red + i, value);
            }
        }
    }
}
