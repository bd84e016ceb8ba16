package dev.murmuration.teacher.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.schemas.Sentiment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Which of a model's outputs is which class, by the names in {@code id2label} of its {@code config.json}. Models number their
 * outputs as they like.
 */
public final class Classes {

    /** The classes in our order: negative, neutral, positive. */
    public static final List<String> NAMES =
            Stream.of(Sentiment.values()).map(Sentiment::name).toList();

    private static final int SHORT = 3;
    private static final int MAX_SHOWN = 200;

    private final int[] outputs;

    private Classes(int[] outputs) {
        this.outputs = outputs;
    }

    /**
     * Reads the order of the outputs.
     *
     * @param config the model's {@code config.json}
     * @throws IllegalArgumentException unless {@code id2label} names exactly the three classes, in any case and as negative or
     *     NEG, neutral or NEU, positive or POS
     */
    public static Classes of(JsonNode config) {
        JsonNode labels = config.path("id2label");
        List<String> found = new ArrayList<>();
        for (int id = 0; id < Math.min(labels.size(), NAMES.size() + 1); id++) {
            found.add(name(labels.path(Integer.toString(id)).asText()));
        }
        if (found.size() != NAMES.size() || !found.containsAll(NAMES)) {
            throw new IllegalArgumentException(
                    "id2label is %s; it must name negative, neutral and positive, or teacher.labels must say in which order they are"
                            .formatted(labels.isMissingNode() ? "missing" : shown(labels)));
        }
        return new Classes(NAMES.stream().mapToInt(found::indexOf).toArray());
    }

    private static String shown(JsonNode labels) {
        String text = labels.toString();
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + " (cut)";
    }

    /**
     * A configuration whose outputs are in the order that a person says, for a model that does not name them.
     *
     * @param order the three classes
     * @throws IllegalArgumentException if these are not the three classes, or the model has other outputs or names them in another order
     */
    static JsonNode named(JsonNode config, List<String> order) {
        List<String> wanted = order.stream().map(Classes::name).toList();
        if (wanted.size() != NAMES.size() || !wanted.containsAll(NAMES)) {
            throw new IllegalArgumentException(
                    "teacher.labels = %s; it must name negative, neutral and positive once each".formatted(order));
        }
        JsonNode labels = config.path("id2label");
        if (!labels.isMissingNode() && labels.size() != NAMES.size()) {
            throw new IllegalArgumentException(
                    "id2label is %s: these are not three outputs, as teacher.labels says".formatted(shown(labels)));
        }
        for (int id = 0; id < NAMES.size(); id++) {
            String name = name(labels.path(Integer.toString(id)).asText());
            if (NAMES.contains(name) && !name.equals(wanted.get(id))) {
                throw new IllegalArgumentException(
                        "id2label is %s, which teacher.labels = %s contradicts".formatted(shown(labels), order));
            }
        }
        if (!(config instanceof ObjectNode object)) {
            throw new IllegalArgumentException("config.json is not a JSON object");
        }
        ObjectNode changed = object.deepCopy();
        ObjectNode names = changed.putObject("id2label");
        for (int id = 0; id < NAMES.size(); id++) {
            names.put(Integer.toString(id), wanted.get(id));
        }
        return changed;
    }

    private static String name(String label) {
        String lower = label.strip().toLowerCase(Locale.ROOT);
        return NAMES.stream()
                .filter(name -> name.equals(lower) || name.substring(0, SHORT).equals(lower))
                .findFirst()
                .orElse(lower);
    }

    /** How many there are. */
    public int count() {
        return outputs.length;
    }

    /** Takes one row of a model's outputs (text, outputs) into our order. */
    public float[] inOrder(float[] rows, int row) {
        float[] ordered = new float[outputs.length];
        for (int c = 0; c < ordered.length; c++) {
            ordered[c] = rows[row * outputs.length + outputs[c]];
        }
        return ordered;
    }
}
