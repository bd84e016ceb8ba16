package dev.murmuration.student.network;

import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The shape of a convolutional network of the predecessors: VGG-19 and the Hybrid network of Vadicamo et al. (2017), the CaffeNet
 * of Campos et al. (2017), each with three fully connected layers {@code fc6}, {@code fc7} and {@code fc8} at the end. As
 * published their output has a row for each class; a network of two classes has three rows here as well, of which the one for
 * neutral never wins.
 *
 * @param family how its convolutions are arranged
 * @param cells width and height of the grid after the last pooling
 * @param widths channels of the five blocks of convolutions
 * @param dense widths of {@code fc6} and {@code fc7}
 */
public record ConvNet(Family family, int cells, List<Integer> widths, List<Integer> dense) implements Network {

    /** Red, green and blue that predict.py of the published conversion of T4SA's networks subtracts. */
    private static final List<Double> OF_T4SA = List.of(130.4602, 121.2751, 116.8007);

    /** Red, green and blue of Caffe's ilsvrc_2012_mean.npy, averaged over the image. */
    private static final List<Double> OF_ILSVRC = List.of(122.67891434, 116.66876762, 104.00698793);

    private static final int BLOCKS = 5;
    private static final int STRIDE = 32;
    private static final int MAX_CELLS = 64;
    private static final int MAX_WIDTH = 65_536;
    private static final Pattern NAME = Pattern.compile("(vgg19|hybrid|caffenet)(?:-(\\d{1,2})-(\\d{1,2}))?");

    /** The order of convolutions, pooling and normalisation. */
    @SuppressWarnings("ImmutableEnumChecker") // Its lists are of List.of.
    public enum Family {
        /** Simonyan and Zisserman (ICLR 2015), configuration E: sixteen convolutions of 3 x 3 in five blocks, each ended by pooling. */
        VGG19(List.of(64, 128, 256, 512, 512), 7, 0, 0, OF_T4SA),
        /**
         * AlexNet as Krizhevsky et al. (2012) describe it: normalisation before pooling. Fine-tuned from the Hybrid-CNN of Zhou
         * et al. (2014).
         */
        HYBRID(List.of(96, 256, 384, 384, 256), 6, 32, 0, OF_T4SA),
        /** Caffe's variant of it: pooling before normalisation. It sees the centre of a larger square. */
        CAFFENET(List.of(96, 256, 384, 384, 256), 6, 35, 29, OF_ILSVRC);

        private final List<Integer> widths;
        private final int cells;
        private final int more;
        private final int margin;
        private final List<Double> mean;

        Family(List<Integer> widths, int cells, int more, int margin, List<Double> mean) {
            this.widths = widths;
            this.cells = cells;
            this.more = more;
            this.margin = margin;
            this.mean = mean;
        }

        /** Its name in configuration and checkpoints. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The family of a label; empty if there is none. */
        public static Optional<Family> labelled(String label) {
            return Arrays.stream(values())
                    .filter(family -> family.label().equals(label))
                    .findFirst();
        }
    }

    /** Checks that groups divide the channels and that all numbers are possible. */
    public ConvNet {
        widths = List.copyOf(widths);
        dense = List.copyOf(dense);
        boolean inRange = IntStream.concat(
                        widths.stream().mapToInt(Integer::intValue),
                        dense.stream().mapToInt(Integer::intValue))
                .allMatch(width -> width >= 1 && width <= MAX_WIDTH);
        if (!inRange || widths.size() != BLOCKS || dense.size() != 2 || cells < 1 || cells > MAX_CELLS) {
            throw new IllegalArgumentException(
                    "an invalid %s: widths %s, %s and %d cells".formatted(family.label(), widths, dense, cells));
        }
        if (family != Family.VGG19 && widths.stream().anyMatch(width -> width % 2 != 0)) {
            throw new IllegalArgumentException(
                    "a %s of two groups has even widths, not %s".formatted(family.label(), widths));
        }
        if (count(cells, widths, dense) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a %s of widths %s, %s and %d cells is too large: at most %d weights are allowed"
                            .formatted(family.label(), widths, dense, cells, Integer.MAX_VALUE));
        }
    }

    /**
     * Upper bound of the number of its weights: sixteen convolutions as of VGG-19, of 11 x 11 as the largest of the others. The
     * limits of the sizes keep it from overflowing.
     */
    private static long count(int cells, List<Integer> widths, List<Integer> dense) {
        long count = 0;
        long in = Architecture.CHANNELS;
        for (long out : widths) {
            count += (in + 3 * out + 4) * out * 9;
            in = out;
        }
        count += (long) widths.getFirst() * Architecture.CHANNELS * 121 + (long) widths.get(1) * widths.getFirst() * 25;
        count += (widths.getLast() * (long) cells * cells + 1) * dense.getFirst();
        return count + (dense.getFirst() + 1L) * dense.getLast() + (dense.getLast() + 1L) * Architecture.CLASSES;
    }

    /** Whether {@link #named} may accept this name. */
    static boolean isName(String name) {
        return Family.labelled(name.replaceFirst("-.*", "")).isPresent();
    }

    /**
     * The network of a name: {@code vgg19}, {@code hybrid} or {@code caffenet} as published, or
     * {@code <family>-<divisor>-<cells>} with its widths divided and another resolution, for example {@code hybrid-16-1}, which
     * can be trained on a CPU.
     *
     * @throws IllegalArgumentException if the name is not one of these
     */
    public static ConvNet named(String name) {
        Matcher matcher = NAME.matcher(name);
        Family family = matcher.matches() ? Family.labelled(matcher.group(1)).orElseThrow() : Family.VGG19;
        int divisor = matcher.matches() && matcher.group(2) != null ? Integer.parseInt(matcher.group(2)) : 1;
        if (!matcher.matches() || divisor < 1 || family.widths.stream().anyMatch(width -> width % divisor != 0)) {
            throw new IllegalArgumentException(
                    "architecture '%s': must be vgg19, hybrid, caffenet, or one of them with -<divisor>-<cells>, for example hybrid-16-1"
                            .formatted(name));
        }
        return new ConvNet(
                family,
                matcher.group(3) == null ? family.cells : Integer.parseInt(matcher.group(3)),
                family.widths.stream().map(width -> width / divisor).toList(),
                List.of(4_096 / divisor, 4_096 / divisor));
    }

    /** The name that {@link #named} understands, or one of its numbers for a shape without a name. */
    @Override
    public String name() {
        int divisor = Math.max(1, family.widths.getFirst() / widths.getFirst());
        String small = "%s-%d-%d".formatted(family.label(), divisor, cells);
        for (String name : List.of(family.label(), small)) {
            if (NAME.matcher(name).matches()
                    && family.widths.stream().allMatch(width -> width % divisor == 0)
                    && named(name).equals(this)) {
                return name;
            }
        }
        return "%s-%s-%s-%d".formatted(family.label(), times(widths), times(dense), cells);
    }

    private static String times(List<Integer> numbers) {
        return String.join("x", numbers.stream().map(String::valueOf).toList());
    }

    /** Width and height of the network's input: the centre of its image, or all of it. */
    public int seen() {
        return STRIDE * cells + family.more;
    }

    @Override
    public int side() {
        return seen() + family.margin;
    }

    /** How photos became pixels in its training: squashed, red, green and blue from 0 to 255 less their mean over the training set. */
    public Pixels form() {
        return form(family.mean);
    }

    /** As {@link #form()} with another mean of red, green and blue, from 0 to 255. */
    public Pixels form(List<Double> mean) {
        return new Pixels(
                side(),
                family == Family.CAFFENET ? Resize.TF_BILINEAR : Resize.PILLOW_BILINEAR,
                mean.stream().map(value -> value / 255).toList(),
                List.of(1 / 255., 1 / 255., 1 / 255.));
    }

    /** Whether it sees only the centre of its image, so that its ten crops differ. */
    public boolean crops() {
        return family.margin > 0;
    }

    /** Width and height of images for which the fully convolutional form has 8 by 8 outputs: 451 for CaffeNet, as published. */
    public int wideSide() {
        return seen() + 7 * STRIDE;
    }

    @Override
    public int cell() {
        return STRIDE;
    }

    @Override
    public int branches() {
        return 0;
    }

    /** Names of the layers with weights, from the input to the output. */
    List<String> layers() {
        List<String> layers = new ArrayList<>();
        int[] convolutions = family == Family.VGG19 ? new int[] {2, 2, 4, 4, 4} : new int[] {1, 1, 1, 1, 1};
        for (int block = 0; block < BLOCKS; block++) {
            for (int i = 0; i < convolutions[block]; i++) {
                layers.add("conv" + (block + 1) + (family == Family.VGG19 ? "_" + (i + 1) : ""));
            }
        }
        layers.addAll(List.of("fc6", "fc7", "fc8"));
        return layers;
    }

    @Override
    public List<Weight> weights() {
        List<Weight> weights = new ArrayList<>();
        int in = Architecture.CHANNELS;
        for (String layer : layers()) {
            int block = layer.startsWith("conv") ? layer.charAt("conv".length()) - '1' : BLOCKS;
            List<Integer> shape =
                    switch (layer) {
                        case "fc6" -> List.of(dense.getFirst(), widths.getLast() * cells * cells);
                        case "fc7" -> List.of(dense.getLast(), dense.getFirst());
                        case "fc8" -> List.of(Architecture.CLASSES, dense.getLast());
                        default -> List.of(widths.get(block), in / groups(block), kernel(block), kernel(block));
                    };
            in = shape.getFirst();
            add(weights, layer + ".weight", shape);
            add(weights, layer + ".bias", List.of(shape.getFirst()));
        }
        return List.copyOf(weights);
    }

    private int groups(int block) {
        return family != Family.VGG19 && (block == 1 || block == 3 || block == 4) ? 2 : 1;
    }

    private int kernel(int block) {
        if (family == Family.VGG19 || block > 1) {
            return 3;
        }
        return block == 0 ? 11 : 5;
    }

    private static void add(List<Weight> weights, String name, List<Integer> shape) {
        int offset = weights.isEmpty()
                ? 0
                : Math.addExact(weights.getLast().offset(), weights.getLast().length());
        weights.add(new Weight(name, shape, offset));
    }
}
