package dev.murmuration.teacher.roberta;

import com.fasterxml.jackson.databind.JsonNode;
import dev.murmuration.programs.Attributes;
import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The sizes of a RoBERTa for sequence classification, from its {@code config.json}, and the names and shapes of its tensors as transformers has them.
 *
 * @param vocabulary token ids, V
 * @param positions position embeddings, P; the longest text has P - padding - 1 tokens
 * @param types token types; only the first occurs
 * @param width D
 * @param inner width of the feed-forward layers
 * @param layers how many
 * @param heads attention heads of a layer
 * @param padding id of the padding token
 * @param epsilon of the layer norms
 */
record RobertaShape(
        int vocabulary,
        int positions,
        int types,
        int width,
        int inner,
        int layers,
        int heads,
        int padding,
        double epsilon) {

    private static final int MOST = 1 << 24;
    private static final int MAX_SHOWN = 200;

    /** @throws IllegalArgumentException if the config lacks a size, or asks for what {@code roberta.py} does not compute */
    static RobertaShape of(JsonNode config) {
        requireText(config, "hidden_act", "gelu");
        requireText(config, "position_embedding_type", "absolute");
        requireText(config, "problem_type", "single_label_classification");
        RobertaShape shape = new RobertaShape(
                size(config, "vocab_size"),
                size(config, "max_position_embeddings"),
                config.has("type_vocab_size") ? size(config, "type_vocab_size") : 1,
                size(config, "hidden_size"),
                size(config, "intermediate_size"),
                size(config, "num_hidden_layers"),
                size(config, "num_attention_heads"),
                config.path("pad_token_id").asInt(1),
                config.path("layer_norm_eps").asDouble(1e-5));
        if (!(shape.epsilon > 0 && shape.epsilon < 1)) {
            throw new IllegalArgumentException("config.json says layer_norm_eps = " + shown(config, "layer_norm_eps"));
        }
        if (shape.width % shape.heads != 0) {
            throw new IllegalArgumentException(
                    "hidden_size = %d is no multiple of num_attention_heads = %d".formatted(shape.width, shape.heads));
        }
        if (shape.maxTokens() < 3 || shape.padding < 0 || shape.padding >= shape.vocabulary) {
            throw new IllegalArgumentException(
                    "max_position_embeddings = %d, vocab_size = %d and pad_token_id = %d leave no room for a text"
                            .formatted(shape.positions, shape.vocabulary, shape.padding));
        }
        return shape;
    }

    private static int size(JsonNode config, String name) {
        int value = config.path(name).isInt() ? config.path(name).intValue() : 0;
        if (value < 1 || value > MOST) {
            throw new IllegalArgumentException("config.json says %s = %s".formatted(name, shown(config, name)));
        }
        return value;
    }

    private static void requireText(JsonNode config, String name, String value) {
        if (!config.path(name).isNull() && !config.path(name).asText(value).equals(value)) {
            throw new IllegalArgumentException(
                    "config.json says %s = %s; this teacher computes %s".formatted(name, shown(config, name), value));
        }
    }

    private static String shown(JsonNode config, String name) {
        String text = config.path(name).isMissingNode()
                ? "nothing"
                : config.path(name).toString();
        return text.substring(0, Math.min(MAX_SHOWN, text.length()));
    }

    /** How many numbers its tensors have, without the head. @throws IllegalArgumentException if they are too many to count */
    long weights() {
        try {
            long embeddings = Math.multiplyExact(vocabulary + (long) positions + types, (long) width);
            long layer = Math.multiplyExact((long) width, 4L * width + 2L * inner);
            return Math.addExact(embeddings, Math.multiplyExact(layer, (long) layers));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("config.json describes more weights than can be counted", e);
        }
    }

    /** How many tokens a text may have. */
    int maxTokens() {
        return positions - padding - 1;
    }

    /** The same with another number of layers. */
    RobertaShape ofLayers(int number) {
        return new RobertaShape(vocabulary, positions, types, width, inner, number, heads, padding, epsilon);
    }

    /** The attributes of {@code roberta.py}. */
    Attributes attributes(boolean bf16) {
        return Attributes.none()
                .with("layers", layers)
                .with("heads", heads)
                .with("eps", epsilon)
                .with("bf16", bf16);
    }

    /** Tensors of the embeddings, in the order of the program's method. */
    List<Named> embeddings() {
        String prefix = "roberta.embeddings.";
        return List.of(
                new Named(prefix + "word_embeddings.weight", vocabulary, width),
                new Named(prefix + "position_embeddings.weight", positions, width),
                new Named(prefix + "token_type_embeddings.weight", types, width),
                new Named(prefix + "LayerNorm.weight", width),
                new Named(prefix + "LayerNorm.bias", width));
    }

    /** Tensors of one layer, in the order of the program's method. */
    List<Named> layer(int layer) {
        String prefix = "roberta.encoder.layer.%d.".formatted(layer);
        List<Named> tensors = new ArrayList<>();
        for (String name : List.of("query", "key", "value")) {
            linear(tensors, prefix + "attention.self." + name, width, width);
        }
        linear(tensors, prefix + "attention.output.dense", width, width);
        norm(tensors, prefix + "attention.output.LayerNorm");
        linear(tensors, prefix + "intermediate.dense", inner, width);
        linear(tensors, prefix + "output.dense", width, inner);
        norm(tensors, prefix + "output.LayerNorm");
        return tensors;
    }

    /** Tensors of the head, in the order of the program's method. */
    List<Named> head(int classes) {
        List<Named> tensors = new ArrayList<>();
        linear(tensors, "classifier.dense", width, width);
        linear(tensors, "classifier.out_proj", classes, width);
        return tensors;
    }

    private void linear(List<Named> tensors, String name, long out, long in) {
        tensors.add(new Named(name + ".weight", out, in));
        tensors.add(new Named(name + ".bias", out));
    }

    private void norm(List<Named> tensors, String name) {
        tensors.add(new Named(name + ".weight", width));
        tensors.add(new Named(name + ".bias", width));
    }

    /**
     * A tensor that must be there.
     *
     * @param name as in the file
     * @param shape that it must have
     */
    record Named(String name, List<Long> shape) {

        Named(String name, long... shape) {
            this(name, Arrays.stream(shape).boxed().toList());
        }

        /** @throws IllegalArgumentException unless it is there with that shape */
        void requireIn(Weights weights) {
            TensorEntry found = weights.tensors().get(name);
            if (found == null) {
                throw new IllegalArgumentException("tensor %s is missing".formatted(name));
            }
            if (!found.shape().equals(shape)) {
                throw new IllegalArgumentException("tensor %s is %s, not %s".formatted(name, found.shape(), shape));
            }
        }
    }
}
