package dev.murmuration.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/**
 * Renders a folder as {@code kubectl kustomize} does, for machines that have none. It knows what k8s/ uses and refuses the rest:
 * resources, namespace, labels without selectors, config maps from files, variables and literals with the hash of their content,
 * patches (strategic merge for Kubernetes's own kinds, RFC 6902) and images. Configurations tell kustomize where foreign kinds
 * name config maps; here they are found anywhere. Where kubectl is at hand, a test compares the two.
 */
final class Kustomization {

    /** A kustomization.yaml; a field that is not here is one that we do not use. */
    record File(
            String apiVersion,
            String kind,
            String namespace,
            List<String> resources,
            @Nullable List<Labels> labels,
            @Nullable List<Generator> configMapGenerator,
            @Nullable List<Patch> patches,
            @Nullable List<Image> images,
            @Nullable List<String> configurations) {}

    record Labels(Map<String, String> pairs) {}

    record Generator(
            String name,
            @Nullable String behavior,
            @Nullable List<String> files,
            @Nullable List<String> envs,
            @Nullable List<String> literals) {}

    record Patch(
            @Nullable String path,
            @Nullable String patch,
            @Nullable Target target) {}

    record Target(
            String kind, @Nullable String name, @Nullable String labelSelector) {

        boolean selects(JsonNode object) {
            return object.get("kind").asText().matches(kind)
                    && (name == null || nameOf(object).matches(name))
                    && (labelSelector == null || hasLabel(object, labelSelector));
        }

        private static boolean hasLabel(JsonNode object, String selector) {
            String[] parts = selector.split("=", 2);
            return object.at("/metadata/labels").path(parts[0]).asText().equals(parts[1]);
        }
    }

    record Image(String name, @Nullable String newName, String newTag) {}

    private static final Set<String> WITHOUT_NAMESPACE = Set.of("Namespace");

    /** By which field the elements of a list are told apart; lists that are not here are replaced as a whole. */
    private static final Map<String, String> MERGE_KEYS = Map.of(
            "containers", "name",
            "initContainers", "name",
            "env", "name",
            "volumes", "name",
            "volumeMounts", "mountPath",
            "ports", "containerPort",
            "topologySpreadConstraints", "topologyKey");

    private Kustomization() {}

    /** The objects of an overlay, config maps under their final names. */
    static List<ObjectNode> render(Path folder) {
        List<ObjectNode> objects = accumulate(folder);
        Map<String, String> names = new TreeMap<>();
        for (ObjectNode object : objects) {
            if (isConfigMap(object)) {
                names.put(nameOf(object), nameOf(object) + "-" + hash(object));
                metadata(object).put("name", names.get(nameOf(object)));
            }
        }
        objects.forEach(object -> rename(object, names));
        return objects;
    }

    static String nameOf(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    private static List<ObjectNode> accumulate(Path folder) {
        File file = file(folder);
        List<ObjectNode> objects = new ArrayList<>();
        for (String resource : file.resources()) {
            Path path = folder.resolve(resource).normalize();
            if (Files.isDirectory(path)) {
                objects.addAll(accumulate(path));
            } else {
                Repository.yaml(path).forEach(document -> objects.add((ObjectNode) document));
            }
        }
        orEmpty(file.configMapGenerator()).forEach(generator -> generate(generator, folder, objects));
        orEmpty(file.patches()).forEach(patch -> apply(patch, folder, objects));
        for (ObjectNode object : objects) {
            if (!WITHOUT_NAMESPACE.contains(object.get("kind").asText())) {
                metadata(object).put("namespace", file.namespace());
            }
            orEmpty(file.labels())
                    .forEach(labels -> labels.pairs().forEach(metadata(object).withObject("/labels")::put));
            orEmpty(file.images()).forEach(image -> tag(object, image));
        }
        return objects;
    }

    private static File file(Path folder) {
        try {
            return Repository.JSON.treeToValue(
                    Repository.yaml(folder.resolve("kustomization.yaml")).getFirst(), File.class);
        } catch (JsonProcessingException unlike) {
            throw new IllegalArgumentException(folder + ": " + unlike.getOriginalMessage(), unlike);
        }
    }

    private static void generate(Generator generator, Path folder, List<ObjectNode> objects) {
        ObjectNode data = Repository.JSON.createObjectNode();
        orEmpty(generator.files()).forEach(entry -> {
            String[] parts = entry.split("=", 2);
            data.put(parts[0], Repository.text(folder.resolve(parts[1])));
        });
        orEmpty(generator.envs())
                .forEach(env -> Repository.text(folder.resolve(env)).lines().forEach(line -> assign(data, line)));
        orEmpty(generator.literals()).forEach(literal -> assign(data, literal));
        ObjectNode there = objects.stream()
                .filter(object -> isConfigMap(object) && nameOf(object).equals(generator.name()))
                .findFirst()
                .orElse(null);
        String behavior = generator.behavior() == null ? "create" : generator.behavior();
        if ((there == null) != behavior.equals("create")) {
            throw new IllegalArgumentException(
                    "%s: config map %s cannot be %sd".formatted(folder, generator.name(), behavior));
        }
        if (there == null) {
            ObjectNode made =
                    Repository.JSON.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
            made.set("data", data);
            made.putObject("metadata").put("name", generator.name());
            objects.add(made);
        } else if (behavior.equals("merge")) {
            there.withObject("/data").setAll(data);
        } else {
            there.set("data", data);
        }
    }

    private static void assign(ObjectNode data, String line) {
        if (!line.isBlank() && !line.startsWith("#")) {
            String[] parts = line.split("=", 2);
            data.put(parts[0], parts[1]);
        }
    }

    private static void apply(Patch patch, Path folder, List<ObjectNode> objects) {
        String text =
                patch.path() == null ? String.valueOf(patch.patch()) : Repository.text(folder.resolve(patch.path()));
        JsonNode change = Repository.JSON.valueToTree(new Yaml().load(text));
        List<ObjectNode> chosen = objects.stream()
                .filter(object -> patch.target() == null
                        ? object.get("kind").equals(change.get("kind"))
                                && nameOf(object).equals(nameOf(change))
                        : patch.target().selects(object))
                .toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("%s: a patch meets nothing: %s"
                    .formatted(folder, text.lines().findFirst().orElse("")));
        }
        for (ObjectNode object : chosen) {
            if (change.isArray()) {
                change.forEach(operation -> operate(object, operation));
            } else if (change.path("$patch").asText().equals("delete")) {
                objects.remove(object);
            } else {
                ObjectNode merged = change.deepCopy();
                merged.remove("metadata");
                merge(object, merged);
            }
        }
    }

    private static void merge(ObjectNode onto, ObjectNode change) {
        for (Map.Entry<String, JsonNode> field : change.properties()) {
            JsonNode before = onto.get(field.getKey());
            if (before instanceof ObjectNode object && field.getValue() instanceof ObjectNode changed) {
                merge(object, changed);
            } else if (before instanceof ArrayNode list && MERGE_KEYS.containsKey(field.getKey())) {
                mergeList(list, (ArrayNode) field.getValue(), MERGE_KEYS.get(field.getKey()));
            } else {
                onto.set(field.getKey(), field.getValue());
            }
        }
    }

    /** What is new comes first, as kustomize has it. */
    private static void mergeList(ArrayNode onto, ArrayNode change, String key) {
        int place = 0;
        for (JsonNode element : change) {
            ObjectNode same = null;
            for (JsonNode each : onto) {
                if (each.get(key).equals(element.get(key))) {
                    same = (ObjectNode) each;
                }
            }
            if (same == null) {
                onto.insert(place++, element);
            } else {
                merge(same, (ObjectNode) element);
            }
        }
    }

    /** One operation of RFC 6902. */
    private static void operate(ObjectNode object, JsonNode operation) {
        String path = operation.get("path").asText();
        int slash = path.lastIndexOf('/');
        String last = path.substring(slash + 1).replace("~1", "/").replace("~0", "~");
        JsonNode parent = object.at(path.substring(0, slash));
        JsonNode value = operation.path("value");
        String op = operation.get("op").asText();
        boolean there = parent.isArray() ? parent.has(Integer.parseInt(last)) : parent.has(last);
        if (parent.isMissingNode() || (!there && !op.equals("add"))) {
            throw new IllegalArgumentException(
                    "%s %s: nothing to %s at %s".formatted(object.get("kind").asText(), nameOf(object), op, path));
        }
        switch (op) {
            case "add", "replace" -> {
                if (parent instanceof ArrayNode list) {
                    list.set(Integer.parseInt(last), value.deepCopy());
                } else {
                    ((ObjectNode) parent).set(last, value.deepCopy());
                }
            }
            case "remove" -> ((ObjectNode) parent).remove(last);
            default -> throw new IllegalArgumentException("operation " + op);
        }
    }

    private static void tag(JsonNode node, Image image) {
        node.findParents("image").forEach(container -> {
            String now = container.get("image").asText();
            if (now.replaceFirst(":[^:/]*$", "").equals(image.name())) {
                ((ObjectNode) container)
                        .put(
                                "image",
                                (image.newName() == null ? image.name() : image.newName()) + ":" + image.newTag());
            }
        });
    }

    private static void rename(JsonNode node, Map<String, String> names) {
        for (String field : List.of("configMapRef", "configMap", "configMapKeyRef")) {
            node.findParents(field).forEach(parent -> {
                if (parent.get(field) instanceof ObjectNode reference
                        && names.containsKey(reference.path("name").asText())) {
                    reference.put("name", names.get(reference.get("name").asText()));
                }
            });
        }
    }

    /**
     * The ending of a generated name: ten digits of the SHA-256 of the content (in which the name is empty), with letters for some digits.
     */
    private static String hash(ObjectNode configMap) {
        try {
            TreeMap<String, String> data = new TreeMap<>();
            configMap
                    .get("data")
                    .properties()
                    .forEach(entry -> data.put(entry.getKey(), entry.getValue().asText()));
            TreeMap<String, Object> content = new TreeMap<>(Map.of("data", data, "kind", "ConfigMap", "name", ""));
            String json = Repository.JSON
                    .writeValueAsString(content)
                    .replace("<", "\\u003c")
                    .replace(">", "\\u003e")
                    .replace("&", "\\u0026");
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
            StringBuilder name = new StringBuilder();
            for (char digit : HexFormat.of().formatHex(digest).substring(0, 10).toCharArray()) {
                name.append(
                        switch (digit) {
                            case '0' -> 'g';
                            case '1' -> 'h';
                            case '3' -> 'k';
                            case 'a' -> 'm';
                            case 'e' -> 't';
                            default -> digit;
                        });
            }
            return name.toString();
        } catch (NoSuchAlgorithmException | JsonProcessingException never) {
            throw new IllegalStateException(never);
        }
    }

    private static boolean isConfigMap(JsonNode object) {
        return object.get("kind").asText().equals("ConfigMap");
    }

    private static ObjectNode metadata(ObjectNode object) {
        return object.withObject("/metadata");
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
