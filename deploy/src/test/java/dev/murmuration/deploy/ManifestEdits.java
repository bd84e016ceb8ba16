package dev.murmuration.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** Changes to one rendered object, by which tests make mistakes. */
final class ManifestEdits {

    /** For {@link #secret}: the variable has no source any more. */
    static final String NOWHERE = "";

    private ManifestEdits() {}

    /** The objects with one of them changed, the first whose kind and name match; one that is empty then is gone. */
    static List<ObjectNode> changed(List<ObjectNode> rendered, String object, Consumer<ObjectNode> change) {
        List<ObjectNode> changed = new ArrayList<>(rendered);
        ObjectNode chosen = changed.stream()
                .filter(each -> (each.get("kind").asText() + " " + Kustomization.nameOf(each)).matches(object))
                .findFirst()
                .orElseThrow();
        change.accept(chosen);
        if (chosen.isEmpty()) {
            changed.remove(chosen);
        }
        return changed;
    }

    /** Changes the object at a JSON pointer. */
    static Consumer<ObjectNode> at(String pointer, Consumer<ObjectNode> change) {
        return object -> change.accept((ObjectNode) object.at(pointer));
    }

    /** Takes the ACLs of a resource of this name out of a list. */
    static Consumer<ObjectNode> without(String pointer, String name) {
        return object -> {
            ArrayNode list = (ArrayNode) object.at(pointer);
            list.removeIf(rule -> rule.at("/resource/name").asText().equals(name));
        };
    }

    /** Replaces text in the settings of a config map. */
    static Consumer<ObjectNode> setting(String now, String then) {
        return at(
                "/data",
                data -> data.put(
                        "application.properties",
                        data.get("application.properties").asText().replace(now, then)));
    }

    /** Lets a variable of the container come from another key of its secret, or from nowhere. */
    static Consumer<ObjectNode> secret(String variable, String key) {
        return object -> {
            for (JsonNode each : object.at("/spec/template/spec/containers/0/env")) {
                if (each.get("name").asText().equals(variable)) {
                    if (key.equals(NOWHERE)) {
                        ((ObjectNode) each).remove("valueFrom");
                    } else {
                        ((ObjectNode) Objects.requireNonNull(each.at("/valueFrom/secretKeyRef"))).put("key", key);
                    }
                }
            }
        };
    }
}
