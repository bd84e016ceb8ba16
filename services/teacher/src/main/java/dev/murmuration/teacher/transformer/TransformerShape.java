package dev.murmuration.teacher.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.murmuration.programs.Attributes;
import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The sizes of an encoder for sequence classification, from its {@code config.json}, and the names and shapes of its tensors as
 * transformers has them.
 *
 * @param family how transformers lays the model out
 * @param vocabulary token ids, V
 * @param positions position embeddings, P; the longest text has as many tokens as there are from {@link #firstPosition()} on
 * @param types token types; only the first occurs
 * @param width D
 * @param inner width of the feed-forward layers
 * @param layers how many
 * @param heads attention heads of a layer
 * @param padding id of the padding token
 * @param epsilon of the layer norms
 */
record TransformerShape(
        Family family,
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

    /** What differs between models of one architecture: names, where positions begin, and the head. */
    enum Family {
        /** Also XLM-RoBERTa and BERTweet. Positions begin after the padding's id. */
        ROBERTA,
        /** Devlin et al. 2019. Its pooler is our head's dense layer. */
        BERT,
        /** Sanh et al. 2019: no token types, names of its own, ReLU in the head. */
        DISTILBERT;

        /** @throws IllegalArgumentException if a {@code model_type} is not one of these */
        static Family of(String type) {
            return switch (type) {
                case "roberta", "xlm-roberta" -> ROBERTA;
                case "bert" -> BERT;
                case "distilbert" -> DISTILBERT;
                default -> throw new IllegalArgumentException("config.json says model_type = " + type);
            };
        }
    }

    /** @throws IllegalArgumentException if the config lacks a size, or asks for what {@code encoder.py} does not compute */
    static TransformerShape of(JsonNode config) {
        Family family = Family.of(config.path("model_type").asText());
        boolean distil = family == Family.DISTILBERT;
        requireText(config, distil ? "activation" : "hidden_act", "gelu");
        requireText(config, "position_embedding_type", "absolute");
        requireText(config, "problem_type", "single_label_classification");
        TransformerShape shape = new TransformerShape(
                family,
                size(config, "vocab_size"),
                size(config, "max_position_embeddings"),
                config.has("type_vocab_size") ? size(config, "type_vocab_size") : 1,
                size(config, distil ? "dim" : "hidden_size"),
                size(config, distil ? "hidden_dim" : "intermediate_size"),
                size(config, distil ? "n_layers" : "num_hidden_layers"),
                size(config, distil ? "n_heads" : "num_attention_heads"),
                config.path("pad_token_id").asInt(family == Family.ROBERTA ? 1 : 0),
                config.path("layer_norm_eps").asDouble(family == Family.ROBERTA ? 1e-5 : 1e-12));
        if (!(shape.epsilon > 0 && shape.epsilon < 1)) {
            throw new IllegalArgumentException("config.json says layer_norm_eps = " + shown(config, "layer_norm_eps"));
        }
        if (shape.width % shape.heads != 0) {
            throw new IllegalArgumentException("%s = %d is not a multiple of %s = %d"
                    .formatted(
                            distil ? "dim" : "hidden_size",
                            shape.width,
                            distil ? "n_heads" : "num_attention_heads",
                            shape.heads));
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
        return positions - firstPosition();
    }

    /** The position of a text's first token. */
    int firstPosition() {
        return family == Family.ROBERTA ? padding + 1 : 0;
    }

    /** The same with another number of layers. */
    TransformerShape ofLayers(int number) {
        return new TransformerShape(
                family, vocabulary, positions, types, width, inner, number, heads, padding, epsilon);
    }

    /** The attributes of {@code encoder.py}. */
    Attributes attributes(boolean bf16) {
        return Attributes.none()
                .with("layers", layers)
                .with("heads", heads)
                .with("eps", epsilon)
                .with("bf16", bf16)
                .with("relu", family == Family.DISTILBERT);
    }

    /** Tensors of the embeddings, in the order of the program's method. */
    List<Named> embeddings() {
        String prefix = name() + ".embeddings.";
        List<Named> tensors = new ArrayList<>();
        tensors.add(new Named(prefix + "word_embeddings.weight", vocabulary, width));
        tensors.add(new Named(prefix + "position_embeddings.weight", positions, width));
        if (family != Family.DISTILBERT) {
            tensors.add(new Named(prefix + "token_type_embeddings.weight", types, width));
        }
        norm(tensors, prefix + "LayerNorm");
        return tensors;
    }

    /** What the names of all tensors but the head's begin with. */
    private String name() {
        return family.name().toLowerCase(Locale.ROOT);
    }

    /** Tensors of one layer, in the order of the program's method. */
    List<Named> layer(int layer) {
        List<Named> tensors = new ArrayList<>();
        if (family == Family.DISTILBERT) {
            String prefix = "distilbert.transformer.layer.%d.".formatted(layer);
            for (String name : List.of("q_lin", "k_lin", "v_lin", "out_lin")) {
                linear(tensors, prefix + "attention." + name, width, width);
            }
            norm(tensors, prefix + "sa_layer_norm");
            linear(tensors, prefix + "ffn.lin1", inner, width);
            linear(tensors, prefix + "ffn.lin2", width, inner);
            norm(tensors, prefix + "output_layer_norm");
            return tensors;
        }
        String prefix = "%s.encoder.layer.%d.".formatted(name(), layer);
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
        linear(
                tensors,
                switch (family) {
                    case ROBERTA -> "classifier.dense";
                    case BERT -> "bert.pooler.dense";
                    case DISTILBERT -> "pre_classifier";
                },
                width,
                width);
        linear(tensors, family == Family.ROBERTA ? "classifier.out_proj" : "classifier", classes, width);
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
