package dev.murmuration.student;

import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.Weight;
import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.file.WeightsFile;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A ViT in one file that has no description, with the parameter names of Google's vision_transformer (Dosovitskiy et al., ICLR
 * 2021): its own {@code .npz}, and the {@code .h5} of Keras that is built with vit-keras, as the students of Serra et al. (ECAI
 * 2023) are, also inside other models. Its shape is derived from its tensors. Kernels are (in, out) there and (out, in) here.
 *
 * <p>Both libraries have layer norms of epsilon 1e-6 and the exact GELU in the encoder. The dense head of the published students
 * was made with TensorFlow Addons, whose GELU is the approximation by tanh.
 */
final class VitFile {

    private static final double EPS = 1e-6;
    private static final int HEAD_WIDTH = 64;
    private static final String EMBEDDINGS = "vit.embeddings.";
    private static final String PATCHES = EMBEDDINGS + "patch_embeddings.projection.";
    private static final String POSITIONS = EMBEDDINGS + "position_embeddings";
    private static final String PRE_LOGITS = "pre_logits";
    private static final String LAYER = "vit.encoder.layer.";
    private static final String QUERY = ".attention.attention.query.weight";

    private static final Pattern OF_A_LAYER =
            Pattern.compile("(?:.*/)?encoderblock_(\\d{1,4})/(?:.*/)?([\\w]+)/(kernel|bias|gamma|beta|scale)");
    private static final Pattern OF_THE_REST = Pattern.compile(
            "(?:.*/)?(embedding/kernel|embedding/bias|cls|pos_embedding|encoder_norm/(?:gamma|scale)|encoder_norm/(?:beta|bias))");
    private static final Pattern OF_A_DENSE_LAYER = Pattern.compile("((?:.*/)?[^/]+)/(kernel|bias)");
    private static final Map<String, String> PARTS = Map.of(
            "LayerNorm_0", "layernorm_before",
            "LayerNorm_2", "layernorm_after",
            "query", "attention.attention.query",
            "key", "attention.attention.key",
            "value", "attention.attention.value",
            "out", "attention.output.dense",
            "Dense_0", "intermediate.dense",
            "Dense_1", "output.dense");

    private final Path file;
    private final Weights tensors;
    private final Map<String, TensorEntry> places = new LinkedHashMap<>();
    private final SequencedMap<String, Map<String, TensorEntry>> dense = new LinkedHashMap<>();
    private final Architecture architecture;
    private final int classes;

    private VitFile(Path file, Weights tensors) throws IOException {
        this.file = file;
        this.tensors = tensors;
        for (TensorEntry entry : tensors.tensors().values()) {
            sort(entry);
        }
        List<Long> patches = shape(PATCHES + "weight", 4);
        int dim = dimension(patches.get(3));
        this.classes = head(dim);
        this.architecture = architecture(dimension(patches.get(0)), dim);
        // Before anything of their size is allocated.
        for (Weight weight : architecture.weights()) {
            if (!weight.isHead() || classes == Architecture.CLASSES) {
                place(weight);
            }
        }
    }

    /** The properties of a ViT that are known before its weights are read. */
    record Described(Architecture architecture, int classes) {}

    /**
     * Reads its shape.
     *
     * @throws IOException if it is not a ViT with these names, or is truncated
     */
    static Described describe(Path file) throws IOException {
        try (Weights tensors = WeightsFile.open(file)) {
            VitFile vit = new VitFile(file, tensors);
            return new Described(vit.architecture, vit.classes);
        }
    }

    /**
     * Reads these weights into the vector of all weights.
     *
     * @throws IOException if one is missing or has another shape
     */
    static void read(Path file, List<Weight> weights, FloatBuffer all) throws IOException {
        try (Weights tensors = WeightsFile.open(file)) {
            VitFile vit = new VitFile(file, tensors);
            for (Weight weight : weights) {
                vit.read(weight, all);
            }
        }
    }

    private void sort(TensorEntry entry) throws IOException {
        String name = entry.name().endsWith(":0")
                ? entry.name().substring(0, entry.name().length() - 2)
                : entry.name();
        Matcher rest = OF_THE_REST.matcher(name);
        Matcher layer = OF_A_LAYER.matcher(name);
        if (layer.matches()) {
            String part = PARTS.get(layer.group(2));
            if (part != null) {
                put(LAYER + Integer.parseInt(layer.group(1)) + "." + part + kind(layer.group(3)), entry);
            }
        } else if (rest.matches()) {
            put(
                    switch (rest.group(1)) {
                        case "embedding/kernel" -> PATCHES + "weight";
                        case "embedding/bias" -> PATCHES + "bias";
                        case "cls" -> EMBEDDINGS + "cls_token";
                        case "pos_embedding" -> POSITIONS;
                        case "encoder_norm/gamma", "encoder_norm/scale" -> "vit.layernorm.weight";
                        default -> "vit.layernorm.bias";
                    },
                    entry);
        } else {
            Matcher other = OF_A_DENSE_LAYER.matcher(name);
            if (other.matches()) {
                dense.computeIfAbsent(other.group(1), none -> new TreeMap<>()).put(kind(other.group(2)), entry);
            }
        }
    }

    private static String kind(String name) {
        return name.equals("bias") || name.equals("beta") ? ".bias" : ".weight";
    }

    private void put(String name, TensorEntry entry) throws IOException {
        TensorEntry before = places.put(name, entry);
        if (before != null) {
            throw new IOException("%s: both %s and %s are its %s".formatted(file, before.name(), entry.name(), name));
        }
    }

    /** Finds the head among the dense layers outside of the encoder, by their shapes: one from the token, or two in succession. */
    private int head(int dim) throws IOException {
        dense.values().removeIf(layer -> !isDense(layer));
        List<Map<String, TensorEntry>> layers = List.copyOf(dense.values());
        if (dense.keySet().stream().anyMatch(name -> name.endsWith(PRE_LOGITS))) {
            return 0; // A layer with tanh that our heads do not have.
        }
        if (layers.size() == 1 && in(layers.getFirst()) == dim) {
            put("classifier.weight", layers.getFirst(), ".weight");
            put("classifier.bias", layers.getFirst(), ".bias");
            return out(layers.getFirst());
        }
        Optional<Map<String, TensorEntry>> first =
                layers.stream().filter(layer -> in(layer) == dim).findFirst();
        if (layers.size() == 2 && first.isPresent()) {
            Map<String, TensorEntry> second = layers.get(1 - layers.indexOf(first.get()));
            if (in(second) == out(first.get())) {
                put("head.hidden.weight", first.get(), ".weight");
                put("head.hidden.bias", first.get(), ".bias");
                put("head.output.weight", second, ".weight");
                put("head.output.bias", second, ".bias");
                return out(second);
            }
        }
        if (!layers.isEmpty()) {
            throw new IOException("%s: its layers %s are not a head of one or two dense layers on %d values"
                    .formatted(file, dense.keySet(), dim));
        }
        return 0;
    }

    private void put(String name, Map<String, TensorEntry> layer, String kind) {
        TensorEntry entry = layer.get(kind);
        if (entry != null) {
            places.put(name, entry);
        }
    }

    private static boolean isDense(Map<String, TensorEntry> layer) {
        TensorEntry kernel = layer.get(".weight");
        return kernel != null && kernel.shape().size() == 2 && layer.containsKey(".bias");
    }

    private static int in(Map<String, TensorEntry> layer) {
        TensorEntry kernel = layer.get(".weight");
        return kernel == null ? 0 : Math.toIntExact(kernel.shape().get(0));
    }

    private static int out(Map<String, TensorEntry> layer) {
        TensorEntry kernel = layer.get(".weight");
        return kernel == null ? 0 : Math.toIntExact(kernel.shape().get(1));
    }

    private Architecture architecture(int patch, int dim) throws IOException {
        long patches = shape(POSITIONS, 3).get(1) - 1;
        int grid = (int) Math.round(Math.sqrt((double) Math.max(0, patches)));
        if ((long) grid * grid != patches || grid > 1024) {
            throw new IOException("%s: %d positions are not a square and a class token".formatted(file, patches + 1));
        }
        int depth = 0;
        while (places.containsKey(LAYER + depth + QUERY)) {
            depth++;
        }
        if (depth == 0) {
            throw new IOException("%s: no encoderblock_0 with a query, so no ViT".formatted(file));
        }
        List<Long> query = shape(LAYER + 0 + QUERY, 0);
        int heads = query.size() == 3 ? dimension(query.get(1)) : Math.max(1, dim / HEAD_WIDTH);
        int inner = places.containsKey("head.output.weight")
                ? dimension(shape("head.output.weight", 2).get(0))
                : 0;
        try {
            Architecture found = new Architecture(
                    Math.multiplyExact(grid, patch),
                    patch,
                    dim,
                    depth,
                    heads,
                    dimension(shape(LAYER + 0 + ".intermediate.dense.bias", 1).get(0)),
                    EPS,
                    inner,
                    inner > 0);
            found.weightCount(); // Throws where no array could hold them.
            return found;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private List<Long> shape(String name, int dimensions) throws IOException {
        TensorEntry entry = places.get(name);
        if (entry == null || (dimensions > 0 && entry.shape().size() != dimensions)) {
            throw new IOException("%s: %s must have %d dimensions, and is %s"
                    .formatted(file, name, dimensions, entry == null ? "missing" : entry.name() + " " + entry.shape()));
        }
        return entry.shape();
    }

    private int dimension(long size) throws IOException {
        if (size < 1 || size > 1 << 20) {
            throw new IOException("%s: a dimension of %d".formatted(file, size));
        }
        return (int) size;
    }

    private TensorEntry place(Weight weight) throws IOException {
        TensorEntry entry = places.get(weight.name());
        if (entry == null || !fits(weight, entry.shape())) {
            throw new IOException("%s: %s must be %s, and is %s"
                    .formatted(
                            file,
                            weight.name(),
                            weight.shape(),
                            entry == null ? "missing" : entry.name() + " " + entry.shape()));
        }
        return entry;
    }

    private void read(Weight weight, FloatBuffer all) throws IOException {
        TensorEntry entry = place(weight);
        if (!weight.isMatrix()) {
            tensors.floats(entry.name(), all.slice(weight.offset(), weight.length()));
            return;
        }
        // (in, out) to (out, in). For a patch, "in" is rows, columns and colours there, and colours, rows and columns
        // here.
        float[] kernel = tensors.floats(entry.name());
        int out = weight.shape().getFirst();
        int in = weight.length() / out;
        int colours = weight.shape().size() == 4 ? weight.shape().get(1) : 1;
        int area = in / colours;
        float[] turned = new float[kernel.length];
        for (int place = 0; place < area; place++) {
            for (int c = 0; c < colours; c++) {
                int from = (place * colours + c) * out;
                int to = c * area + place;
                for (int o = 0; o < out; o++) {
                    turned[to + o * in] = kernel[from + o];
                }
            }
        }
        all.put(weight.offset(), turned);
    }

    /** Whether a tensor has the dimensions of a weight the other way round; one of them may be split into heads. */
    private static boolean fits(Weight weight, List<Long> shape) {
        long elements = 1;
        for (long size : shape) {
            elements *= size; // Its bytes were counted when the file was opened, so this cannot overflow.
        }
        if (elements != weight.length()) {
            return false;
        }
        List<Integer> wanted = weight.shape();
        if (wanted.size() == 4) {
            return shape.equals(
                    List.of((long) wanted.get(2), (long) wanted.get(3), (long) wanted.get(1), (long) wanted.get(0)));
        }
        if (!weight.isMatrix()) {
            return true;
        }
        long in = 1;
        for (int i = 0; i < shape.size() && in < wanted.get(1); i++) {
            in *= shape.get(i);
        }
        return in == wanted.get(1);
    }
}
