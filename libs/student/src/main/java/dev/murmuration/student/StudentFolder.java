package dev.murmuration.student;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.torch.Safetensors;
import dev.murmuration.torch.SafetensorsWriter;
import dev.murmuration.torch.TensorEntry;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A student on disk, in the layout of Hugging Face's {@code ViTForImageClassification}: {@code config.json} says its shape, {@code model.safetensors} holds its
 * weights, {@code preprocessor_config.json} says how photos become pixels.
 */
public final class StudentFolder {

    /** The classes in the order of their indices. */
    public static final List<String> LABELS = List.of("negative", "neutral", "positive");

    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model.safetensors";
    private static final String PREPROCESSOR = "preprocessor_config.json";
    private static final String RESIZE = "murmuration_resize";
    private static final int PILLOW_BILINEAR = 2;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Architecture architecture;
    private final Pixels pixels;
    private final List<Integer> classOrder;

    private StudentFolder(Path folder, Architecture architecture, Pixels pixels, List<Integer> classOrder) {
        this.folder = folder;
        this.architecture = architecture;
        this.pixels = pixels;
        this.classOrder = classOrder;
    }

    /**
     * Reads the two descriptions; the weights wait for {@link #weights()}.
     *
     * @throws IOException if a file is missing or describes something other than a ViT that sorts into negative, neutral and positive
     */
    public static StudentFolder read(Path folder) throws IOException {
        JsonNode config = json(folder.resolve(CONFIG));
        Architecture architecture = architecture(folder.resolve(CONFIG), config);
        Path preprocessor = folder.resolve(PREPROCESSOR);
        return new StudentFolder(
                folder,
                architecture,
                pixels(preprocessor, json(preprocessor), architecture),
                classOrder(folder.resolve(CONFIG), config));
    }

    private static JsonNode json(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("%s: there is no such file".formatted(file));
        }
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            if (!node.isObject()) {
                throw new IOException("%s: not a JSON object".formatted(file));
            }
            return node;
        } catch (JsonProcessingException malformed) {
            throw new IOException("%s: %s".formatted(file, malformed.getOriginalMessage()), malformed);
        }
    }

    private static Architecture architecture(Path file, JsonNode config) throws IOException {
        if (!config.path("model_type").asText().equals("vit")) {
            throw new IOException("%s: model_type is %s, not vit".formatted(file, config.path("model_type")));
        }
        if (!config.path("hidden_act").asText("gelu").equals("gelu")
                || !config.path("qkv_bias").asBoolean(true)) {
            throw new IOException(
                    "%s: only the gelu activation with query, key and value biases is known".formatted(file));
        }
        if (config.path("num_channels").asInt(3) != Architecture.CHANNELS) {
            throw new IOException("%s: num_channels is %s, not 3".formatted(file, config.path("num_channels")));
        }
        try {
            return new Architecture(
                    number(file, config, "image_size"),
                    number(file, config, "patch_size"),
                    number(file, config, "hidden_size"),
                    number(file, config, "num_hidden_layers"),
                    number(file, config, "num_attention_heads"),
                    number(file, config, "intermediate_size"),
                    config.path("layer_norm_eps").asDouble(1e-12));
        } catch (IllegalArgumentException impossible) {
            throw new IOException("%s: %s".formatted(file, impossible.getMessage()), impossible);
        }
    }

    private static int number(Path file, JsonNode config, String field) throws IOException {
        if (!config.path(field).isInt()) {
            throw new IOException("%s: %s is %s".formatted(file, field, config.path(field)));
        }
        return config.path(field).intValue();
    }

    private static List<Integer> classOrder(Path file, JsonNode config) throws IOException {
        List<Integer> order = new ArrayList<>();
        for (String label : LABELS) {
            for (Map.Entry<String, JsonNode> named : config.path("id2label").properties()) {
                if (named.getValue().asText().toLowerCase(Locale.ROOT).equals(label)) {
                    order.add(Integer.valueOf(named.getKey()));
                }
            }
        }
        if (order.stream().distinct().sorted().toList().equals(List.of(0, 1, 2))
                && config.path("id2label").size() == 3) {
            return order;
        }
        throw new IOException(
                "%s: id2label is %s, not negative, neutral and positive".formatted(file, config.path("id2label")));
    }

    private static Pixels pixels(Path file, JsonNode config, Architecture architecture) throws IOException {
        int resample = config.path("resample").asInt(PILLOW_BILINEAR);
        if (resample != PILLOW_BILINEAR) {
            throw new IOException("%s: resample is %d; only 2, bilinear, is known".formatted(file, resample));
        }
        int side = config.path("size").path("height").asInt(architecture.side());
        if (side != architecture.side()
                || side != config.path("size").path("width").asInt(side)) {
            throw new IOException(
                    "%s: size is %s, the student's is %d".formatted(file, config.path("size"), architecture.side()));
        }
        boolean normalise = config.path("do_normalize").asBoolean(true);
        try {
            return new Pixels(
                    architecture.side(),
                    Resize.named(config.path(RESIZE).asText(Resize.PILLOW_BILINEAR.label())),
                    normalise ? colours(config.path("image_mean")) : List.of(0., 0., 0.),
                    normalise ? colours(config.path("image_std")) : List.of(1., 1., 1.));
        } catch (IllegalArgumentException impossible) {
            throw new IOException("%s: %s".formatted(file, impossible.getMessage()), impossible);
        }
    }

    private static List<Double> colours(JsonNode node) {
        List<Double> values = new ArrayList<>();
        node.forEach(value -> values.add(value.asDouble(Double.NaN)));
        return values;
    }

    /** The shape of the student. */
    public Architecture architecture() {
        return architecture;
    }

    /** How photos become pixels. */
    public Pixels pixels() {
        return pixels;
    }

    /**
     * All weights as 32-bit floats in the order of {@link Architecture#weights()}; the head's classes in the order of {@link #LABELS}, whatever order the file has.
     *
     * @throws dev.murmuration.torch.WeightsException if the file is not whole, or a tensor is missing or has another shape
     */
    public float[] weights() throws IOException {
        float[] all = new float[architecture.weightCount()];
        Path file = folder.resolve(WEIGHTS);
        if (!Files.isRegularFile(file)) {
            throw new IOException("%s: there is no such file".formatted(file));
        }
        try (Safetensors tensors = Safetensors.open(file)) {
            for (Weight weight : architecture.weights()) {
                TensorEntry entry = tensors.tensors().get(weight.name());
                List<Long> shape =
                        weight.shape().stream().map(Integer::longValue).toList();
                if (entry == null || !entry.shape().equals(shape)) {
                    throw new IOException("%s: %s must be %s, and is %s"
                            .formatted(
                                    file,
                                    weight.name(),
                                    shape,
                                    entry == null ? "missing" : entry.shape().toString()));
                }
                tensors.floats(weight.name(), FloatBuffer.wrap(all, weight.offset(), weight.length()));
            }
        }
        reorderHead(all);
        return all;
    }

    private void reorderHead(float[] all) {
        for (Weight weight : architecture.weights()) {
            if (weight.name().startsWith("classifier.")) {
                int row = weight.length() / LABELS.size();
                float[] read = Arrays.copyOfRange(all, weight.offset(), weight.offset() + weight.length());
                for (int i = 0; i < LABELS.size(); i++) {
                    System.arraycopy(read, classOrder.get(i) * row, all, weight.offset() + i * row, row);
                }
            }
        }
    }

    /**
     * Writes a student so that both {@link #read} and {@code transformers} load it.
     *
     * @param folder made if it is not there
     * @param weights in the order of {@link Architecture#weights()}
     */
    public static void write(Path folder, Architecture architecture, Pixels pixels, FloatBuffer weights)
            throws IOException {
        Files.createDirectories(folder);
        Files.write(
                folder.resolve(CONFIG), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(config(architecture)));
        Files.write(
                folder.resolve(PREPROCESSOR),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(preprocessor(pixels)));
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
        for (Weight weight : architecture.weights()) {
            shapes.put(
                    weight.name(),
                    weight.shape().stream().mapToLong(Integer::longValue).toArray());
        }
        try (SafetensorsWriter writer =
                SafetensorsWriter.create(folder.resolve(WEIGHTS), shapes, Map.of("format", "pt"))) {
            writer.write(weights.duplicate());
        }
    }

    private static ObjectNode config(Architecture a) {
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add("ViTForImageClassification");
        config.put("model_type", "vit");
        config.put("image_size", a.side());
        config.put("patch_size", a.patch());
        config.put("num_channels", Architecture.CHANNELS);
        config.put("hidden_size", a.dim());
        config.put("num_hidden_layers", a.depth());
        config.put("num_attention_heads", a.heads());
        config.put("intermediate_size", a.hidden());
        config.put("hidden_act", "gelu");
        config.put("layer_norm_eps", a.eps());
        config.put("qkv_bias", true);
        config.put("hidden_dropout_prob", 0.0);
        config.put("attention_probs_dropout_prob", 0.0);
        ObjectNode labels = config.putObject("id2label");
        ObjectNode ids = config.putObject("label2id");
        for (int i = 0; i < LABELS.size(); i++) {
            labels.put(String.valueOf(i), LABELS.get(i));
            ids.put(LABELS.get(i), i);
        }
        return config;
    }

    private static ObjectNode preprocessor(Pixels pixels) {
        ObjectNode config = JSON.createObjectNode();
        config.put("image_processor_type", "ViTImageProcessor");
        config.put("do_resize", true);
        config.put("resample", PILLOW_BILINEAR);
        config.put(RESIZE, pixels.resize().label());
        config.putObject("size").put("height", pixels.side()).put("width", pixels.side());
        config.put("do_rescale", true);
        config.put("rescale_factor", 1 / 255.);
        config.put("do_normalize", true);
        pixels.mean().forEach(config.withArray("image_mean")::add);
        pixels.deviation().forEach(config.withArray("image_std")::add);
        return config;
    }
}
