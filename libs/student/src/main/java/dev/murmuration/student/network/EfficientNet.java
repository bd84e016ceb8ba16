package dev.murmuration.student.network;

import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * EfficientNet-Lite0 (Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", ICML 2019, in the
 * form for small devices of 2020): 3.4 million weights and a classifier, its batch normalisation folded into the convolutions.
 * Weights learned on ImageNet come with this library ({@code ImageNetWeights}).
 *
 * @param side of its images in pixels; 224 as published
 */
public record EfficientNet(int side) implements Network {

    /** Its name in {@code config.json}. */
    public static final String LABEL = "efficientnet-lite0";

    private static final int PUBLISHED_SIDE = 224;
    private static final int STRIDE = 32;
    private static final int MAX_SIDE = 4096;
    private static final int STEM = 32;
    private static final int FEATURES = 1280;
    private static final Pattern NAME = Pattern.compile(LABEL + "(?:-(\\d{1,4}))?");

    /** Subtracted from each colour of a photo scaled to 0..1, as in training on ImageNet. */
    private static final double MEAN = 127 / 255.;

    /** Divisor of each colour after that. */
    private static final double DEVIATION = 128 / 255.;

    /** Table 1 of the paper: blocks, width of their filters, stride of the first, expansion inside, channels out. */
    private static final List<Stage> STAGES = List.of(
            new Stage(1, 3, 1, 1, 16),
            new Stage(2, 3, 2, 6, 24),
            new Stage(2, 5, 2, 6, 40),
            new Stage(3, 3, 2, 6, 80),
            new Stage(3, 5, 1, 6, 112),
            new Stage(4, 5, 2, 6, 192),
            new Stage(1, 3, 1, 6, 320));

    private record Stage(int blocks, int kernel, int stride, int expansion, int out) {}

    /** Checks the side. */
    public EfficientNet {
        if (side < STRIDE || side > MAX_SIDE) {
            throw new IllegalArgumentException(
                    "an %s sees images of %d to %d pixels a side, not %d".formatted(LABEL, STRIDE, MAX_SIDE, side));
        }
    }

    /** Whether {@link #named} may accept this name. */
    static boolean isName(String name) {
        return name.startsWith("efficientnet");
    }

    /**
     * The network of a name: {@code efficientnet-lite0} as published, or {@code efficientnet-lite0-<side>}, for example
     * {@code efficientnet-lite0-160}.
     *
     * @throws IllegalArgumentException if the name is neither
     */
    static EfficientNet named(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "architecture '%s': must be %s or %s-<side>".formatted(name, LABEL, LABEL));
        }
        return new EfficientNet(matcher.group(1) == null ? PUBLISHED_SIDE : Integer.parseInt(matcher.group(1)));
    }

    @Override
    public String name() {
        return side == PUBLISHED_SIDE ? LABEL : LABEL + "-" + side;
    }

    /** How photos became pixels in its training on ImageNet: red, green and blue from 0 to 255, less 127, over 128. */
    public Pixels form() {
        return new Pixels(
                side, Resize.PILLOW_BILINEAR, List.of(MEAN, MEAN, MEAN), List.of(DEVIATION, DEVIATION, DEVIATION));
    }

    /** Offset of the classifier in the vector of all weights. */
    public int headOffset() {
        return weightCount() - Architecture.CLASSES * (FEATURES + 1);
    }

    @Override
    public int cell() {
        return STRIDE;
    }

    @Override
    public String beginning() {
        return "the weights of ImageNet and a classifier of zeros";
    }

    @Override
    public int branches() {
        return 0;
    }

    @Override
    public List<Weight> weights() {
        List<Weight> weights = new ArrayList<>();
        add(weights, "stem", STEM, Architecture.CHANNELS, 3);
        int in = STEM;
        int block = 0;
        for (Stage stage : STAGES) {
            for (int i = 0; i < stage.blocks(); i++, block++) {
                int inside = in * stage.expansion();
                if (inside > in) {
                    add(weights, "blocks.%d.expand".formatted(block), inside, in, 1);
                }
                add(weights, "blocks.%d.depthwise".formatted(block), inside, 1, stage.kernel());
                add(weights, "blocks.%d.project".formatted(block), stage.out(), inside, 1);
                in = stage.out();
            }
        }
        add(weights, "features", FEATURES, in, 1);
        append(weights, "classifier.weight", List.of(Architecture.CLASSES, FEATURES));
        append(weights, "classifier.bias", List.of(Architecture.CLASSES));
        return List.copyOf(weights);
    }

    private static void add(List<Weight> weights, String layer, int out, int in, int kernel) {
        append(weights, layer + ".weight", List.of(out, in, kernel, kernel));
        append(weights, layer + ".bias", List.of(out));
    }

    private static void append(List<Weight> weights, String name, List<Integer> shape) {
        int offset = weights.isEmpty()
                ? 0
                : Math.addExact(weights.getLast().offset(), weights.getLast().length());
        weights.add(new Weight(name, shape, offset));
    }
}
