package dev.murmuration.student.network;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shape of a student: a ViT of Dosovitskiy et al. (ICLR 2021, table 1; the sizes Ti and S are those of Touvron et al., ICML
 * 2021) with a linear head, or with the published one: a dense layer, GELU, and another. The head reads the class token, or the
 * mean of the patches' tokens as in Beyer, Zhai and Kolesnikov, "Better plain ViT baselines for ImageNet-1k" (2022); the class
 * token stays among the tokens either way, so that the encoder's weights are the same.
 *
 * @param side width and height of its images in pixels
 * @param patch width and height of a patch in pixels; divides {@code side}
 * @param dim width of a token; {@code heads} divides it
 * @param depth number of layers
 * @param heads attention heads of a layer
 * @param hidden width inside the multi-layer perceptron
 * @param eps epsilon of the layer norms
 * @param inner width between the two layers of the head; 0 for a linear head
 * @param tanh whether the head's GELU is the approximation by tanh, as TensorFlow Addons computes it and so the published
 *     students do; of a dense head only
 * @param mean whether the head reads the mean of the patches' tokens after the last norm
 */
public record Architecture(
        int side,
        int patch,
        int dim,
        int depth,
        int heads,
        int hidden,
        double eps,
        int inner,
        boolean tanh,
        boolean mean)
        implements Network {

    /** Number of classes: negative, neutral, positive. */
    public static final int CLASSES = 3;

    /** Colours of an image. */
    public static final int CHANNELS = 3;

    private static final double EPS = 1e-12;
    private static final int MAX_SIDE = 1 << 14;
    private static final int MAX_PATCHES = 1 << 16;
    private static final int MAX_WIDTH = 1 << 16;
    private static final int MAX_DEPTH = 1 << 10;
    private static final Pattern NAME =
            Pattern.compile("vit-(\\w+)-(\\d{1,3})-(\\d{1,4})(-mean)?(?:-dense(\\d{1,4}))?");

    /** Checks that patches tile the image, that heads tile the width, and that its weights fit one vector. */
    public Architecture {
        if (side < 1
                || patch < 1
                || dim < 1
                || depth < 1
                || heads < 1
                || hidden < 1
                || inner < 0
                || (tanh && inner == 0)
                || side % patch != 0
                || dim % heads != 0) {
            throw new IllegalArgumentException(
                    "an invalid ViT: side %d, patch %d, width %d, depth %d, heads %d, hidden %d"
                            .formatted(side, patch, dim, depth, heads, hidden));
        }
        if (!(eps > 0 && eps < 1)) {
            throw new IllegalArgumentException("layer norm epsilon %s".formatted(eps));
        }
        if (side > MAX_SIDE
                || dim > MAX_WIDTH
                || hidden > MAX_WIDTH
                || inner > MAX_WIDTH
                || depth > MAX_DEPTH
                || (long) (side / patch) * (side / patch) > MAX_PATCHES
                || count(side, patch, dim, depth, hidden, inner) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a ViT of side %d, patch %d, width %d, depth %d, hidden %d is too large; the limits are side %d, %d patches, width %d, depth %d and %d weights"
                            .formatted(
                                    side,
                                    patch,
                                    dim,
                                    depth,
                                    hidden,
                                    MAX_SIDE,
                                    MAX_PATCHES,
                                    MAX_WIDTH,
                                    MAX_DEPTH,
                                    Integer.MAX_VALUE));
        }
    }

    /** Upper bound of the number of its weights; the limits of the sizes keep it from overflowing. */
    private static long count(int side, int patch, int dim, int depth, int hidden, int inner) {
        long width = dim;
        long grid = side / patch;
        long embeddings = width * ((long) CHANNELS * patch * patch + grid * grid + 3);
        long layer = 4 * width * width + 2 * width * hidden + 9 * width + hidden;
        long head = (width + CLASSES + 1) * Math.max(inner, CLASSES) + CLASSES;
        return embeddings + depth * layer + 2 * width + head;
    }

    /** A shape whose head reads the class token. */
    public Architecture(
            int side, int patch, int dim, int depth, int heads, int hidden, double eps, int inner, boolean tanh) {
        this(side, patch, dim, depth, heads, hidden, eps, inner, tanh, false);
    }

    /** A shape whose head reads the class token and has the exact GELU. */
    public Architecture(int side, int patch, int dim, int depth, int heads, int hidden, double eps, int inner) {
        this(side, patch, dim, depth, heads, hidden, eps, inner, false);
    }

    /** A shape with a linear head on the class token. */
    public Architecture(int side, int patch, int dim, int depth, int heads, int hidden, double eps) {
        this(side, patch, dim, depth, heads, hidden, eps, 0);
    }

    /**
     * The architecture of a name {@code vit-<size>-<patch>-<side>[-mean][-dense<inner>]}, where size is {@code ti}, {@code s},
     * {@code b}, {@code l}, or {@code demo} for one that learns within a minute on a CPU. For example {@code vit-demo-16-64},
     * {@code vit-b-32-224}, with the published head {@code vit-b-32-224-dense32}, and {@code vit-s-16-224-mean} whose head reads
     * the mean of the patches.
     *
     * @throws IllegalArgumentException if the name is not one of these
     */
    public static Architecture named(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "architecture '%s': must be vit-<size>-<patch>-<side>[-mean][-dense<inner>], for example vit-b-32-224"
                            .formatted(name));
        }
        Size size = Arrays.stream(Size.values())
                .filter(known -> known.label().equals(matcher.group(1)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("architecture '%s': size must be one of %s"
                        .formatted(
                                name,
                                Arrays.stream(Size.values()).map(Size::label).toList())));
        return new Architecture(
                Integer.parseInt(matcher.group(3)),
                Integer.parseInt(matcher.group(2)),
                size.dim,
                size.depth,
                size.heads,
                size.hidden,
                EPS,
                matcher.group(5) == null ? 0 : Integer.parseInt(matcher.group(5)),
                false,
                matcher.group(4) != null);
    }

    /** The name that {@link #named} understands, or one of its numbers for a shape without a name. */
    @Override
    public String name() {
        String size = Arrays.stream(Size.values())
                .filter(known ->
                        known.dim == dim && known.depth == depth && known.heads == heads && known.hidden == hidden)
                .map(Size::label)
                .findFirst()
                .orElse("%dx%dx%dx%d".formatted(dim, depth, heads, hidden));
        return "vit-%s-%d-%d%s%s".formatted(size, patch, side, mean ? "-mean" : "", inner == 0 ? "" : "-dense" + inner);
    }

    /** This shape with the properties of its initial weights: the epsilon, and for a dense head of the same width the kind of GELU. */
    public Architecture beginningFrom(Architecture other) {
        return new Architecture(
                side, patch, dim, depth, heads, hidden, other.eps, inner, other.tanh && other.inner == inner, mean);
    }

    /** This encoder with one patch and a linear head on the class token: equal for students that differ only in resolution and head. */
    public Architecture encoder() {
        return new Architecture(patch, patch, dim, depth, heads, hidden, eps);
    }

    /** Patches of an image. */
    public int patches() {
        return (side / patch) * (side / patch);
    }

    @Override
    public int cell() {
        return patch;
    }

    /** Attention and perceptron of each layer. */
    @Override
    public int branches() {
        return 2 * depth;
    }

    /**
     * All weights in the order of the one vector that the program keeps them in, with the names of Hugging Face's
     * {@code ViTForImageClassification}; those of a head that this class does not have, dense or on the mean of the patches, are
     * {@code head.hidden} and {@code head.output}.
     */
    @Override
    public List<Weight> weights() {
        return WeightOrder.of(this);
    }

    private enum Size {
        DEMO(64, 4, 4, 128),
        TI(192, 12, 3, 768),
        S(384, 12, 6, 1536),
        B(768, 12, 12, 3072),
        L(1024, 24, 16, 4096);

        private final int dim;
        private final int depth;
        private final int heads;
        private final int hidden;

        Size(int dim, int depth, int heads, int hidden) {
            this.dim = dim;
            this.depth = depth;
            this.heads = heads;
            this.hidden = hidden;
        }

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
