package dev.murmuration.teacher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.murmuration.schemas.Sentiment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Which of a model's outputs is which class, by the names in {@code id2label} of its {@code config.json}. Models number their outputs as they like. */
final class Classes {

    /** The classes in our order: negative, neutral, positive. */
    static final List<String> NAMES =
            Stream.of(Sentiment.values()).map(Sentiment::name).toList();

    private final int[] outputs;

    private Classes(int[] outputs) {
        this.outputs = outputs;
    }

    /**
     * Reads the order of the outputs.
     *
     * @param config the model's {@code config.json}
     * @throws IllegalArgumentException unless {@code id2label} names exactly the three classes, in any case
     */
    static Classes of(JsonNode config) {
        JsonNode labels = config.path("id2label");
        List<String> found = new ArrayList<>();
        for (int id = 0; id < labels.size(); id++) {
            found.add(labels.path(Integer.toString(id)).asText().toLowerCase(Locale.ROOT));
        }
        if (found.size() != NAMES.size() || !found.containsAll(NAMES)) {
            throw new IllegalArgumentException("id2label is %s; it must name negative, neutral and positive"
                    .formatted(labels.isMissingNode() ? "missing" : labels));
        }
        return new Classes(NAMES.stream().mapToInt(found::indexOf).toArray());
    }

    /** How many there are. */
    int count() {
        return outputs.length;
    }

    /** Takes one row of a model's outputs (text, outputs) into our order. */
    float[] inOrder(float[] rows, int row) {
        float[] ordered = new float[outputs.length];
        for (int c = 0; c < ordered.length; c++) {
            ordered[c] = rows[row * outputs.length + outputs[c]];
        }
        return ordered;
    }
}
