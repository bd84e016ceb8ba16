package dev.murmuration.student;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.ConvNet;
import dev.murmuration.student.network.EfficientNet;
import dev.murmuration.student.network.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and writes {@code config.json} of a {@link StudentFolder}. */
final class Descriptions {

    private static final String CELLS = "cells";
    private static final String WIDTHS = "widths";
    private static final String DENSE = "dense";
    private static final String HEAD_ACTIVATION = "head_act";
    private static final String TANH = "gelu_pytorch_tanh"; // as transformers calls it
    private static final String HEAD_POOLING = "head_pooling";
    private static final String MEAN = "mean";

    private static final int MAX_SHOWN = 200;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Descriptions() {}

    static ObjectNode config(Network network) {
        ObjectNode config =
                switch (network) {
                    case Architecture vit -> config(vit);
                    case ConvNet net -> config(net);
                    case EfficientNet net -> config(net);
                };
        ObjectNode labels = config.putObject("id2label");
        ObjectNode ids = config.putObject("label2id");
        for (int i = 0; i < StudentFolder.LABELS.size(); i++) {
            labels.put(String.valueOf(i), StudentFolder.LABELS.get(i));
            ids.put(StudentFolder.LABELS.get(i), i);
        }
        return config;
    }

    private static ObjectNode config(ConvNet net) {
        ObjectNode config = JSON.createObjectNode();
        config.put("model_type", net.family().label());
        config.put("image_size", net.side());
        config.put(CELLS, net.cells());
        net.widths().forEach(config.withArray(WIDTHS)::add);
        net.dense().forEach(config.withArray(DENSE)::add);
        return config;
    }

    private static ObjectNode config(EfficientNet net) {
        ObjectNode config = JSON.createObjectNode();
        config.put("model_type", EfficientNet.LABEL);
        config.put("image_size", net.side());
        return config;
    }

    private static ObjectNode config(Architecture a) {
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add(a.inner() > 0 || a.mean() ? "ViTModel" : "ViTForImageClassification");
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
        if (a.tanh()) {
            config.put(HEAD_ACTIVATION, TANH);
        }
        if (a.mean()) {
            config.put(HEAD_POOLING, MEAN);
        }
        config.put("qkv_bias", true);
        config.put("hidden_dropout_prob", 0.0);
        config.put("attention_probs_dropout_prob", 0.0);
        return config;
    }

    /**
     * The network that a folder's {@code config.json} describes.
     *
     * @throws IOException if it describes something else
     */
    static Network network(Path folder, JsonNode config) throws IOException {
        Path file = folder.resolve(StudentFolder.CONFIG);
        refuseOtherAnswers(file, config);
        String type = config.path("model_type").asText();
        Optional<ConvNet.Family> family = ConvNet.Family.labelled(type);
        if (family.isEmpty() && !type.equals(EfficientNet.LABEL)) {
            return vit(folder, config);
        }
        try {
            if (family.isEmpty()) {
                return new EfficientNet(number(file, config, "image_size"));
            }
            return new ConvNet(
                    family.get(),
                    number(file, config, CELLS),
                    numbers(config.path(WIDTHS)),
                    numbers(config.path(DENSE)));
        } catch (IllegalArgumentException e) {
            throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** A value for a message: as JSON it has no line breaks, but it may be long. */
    static String shown(JsonNode value) {
        String text = value.isMissingNode() ? "missing" : value.toString();
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + " (cut)";
    }

    private static List<Integer> numbers(JsonNode node) {
        List<Integer> numbers = new ArrayList<>();
        node.forEach(value -> numbers.add(value.isInt() ? value.intValue() : 0));
        return numbers;
    }

    // Its outputs are interpreted by softmax as one class of three.
    private static void refuseOtherAnswers(Path file, JsonNode config) throws IOException {
        JsonNode problem = config.path("problem_type");
        if (!problem.isMissingNode() && !problem.isNull() && !problem.asText().equals("single_label_classification")) {
            throw new IOException("%s: problem_type is %s; only single_label_classification is supported"
                    .formatted(file, shown(problem)));
        }
    }

    /**
     * As above for a ViT only, with any classes.
     *
     * @throws IOException if it describes something else
     */
    static Architecture vit(Path folder, JsonNode config) throws IOException {
        Path file = folder.resolve(StudentFolder.CONFIG);
        if (!config.path("model_type").asText().equals("vit")) {
            throw new IOException("%s: model_type is %s, not vit".formatted(file, shown(config.path("model_type"))));
        }
        if (!config.path("hidden_act").asText("gelu").equals("gelu")
                || !config.path("qkv_bias").asBoolean(true)) {
            throw new IOException(
                    "%s: only the gelu activation with query, key and value biases is supported".formatted(file));
        }
        if (config.path("num_channels").asInt(3) != Architecture.CHANNELS) {
            throw new IOException("%s: num_channels is %s, not 3".formatted(file, shown(config.path("num_channels"))));
        }
        boolean mean = config.has(HEAD_POOLING);
        if (mean && !config.path(HEAD_POOLING).asText().equals(MEAN)) {
            throw new IOException("%s: head_pooling is %s; only mean is supported, and none for the class token"
                    .formatted(file, shown(config.path(HEAD_POOLING))));
        }
        int inner = WeightFiles.inner(folder, mean);
        try {
            return new Architecture(
                    number(file, config, "image_size"),
                    number(file, config, "patch_size"),
                    number(file, config, "hidden_size"),
                    number(file, config, "num_hidden_layers"),
                    number(file, config, "num_attention_heads"),
                    number(file, config, "intermediate_size"),
                    config.path("layer_norm_eps").asDouble(1e-12),
                    inner,
                    inner > 0 && config.path(HEAD_ACTIVATION).asText().equals(TANH),
                    mean);
        } catch (IllegalArgumentException e) {
            throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static int number(Path file, JsonNode config, String field) throws IOException {
        if (!config.path(field).isInt()) {
            throw new IOException("%s: %s is %s".formatted(file, field, shown(config.path(field))));
        }
        return config.path(field).intValue();
    }
}
