package dev.murmuration.torch;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a TorchScript program with what must be known of it to write its archive: the name of its one module class and the types of its attributes.
 *
 * @param text the program
 * @param module name of the module class
 * @param attributes declared type of each attribute by name, in the order of the declarations
 */
record ProgramSource(String text, String module, Map<String, String> attributes) {

    static final String EMPTY_TENSORS = "List[Tensor]";

    private static final Pattern MODULE = Pattern.compile("(?m)^class (\\w+)\\(Module\\):");
    private static final Pattern ATTRIBUTE = Pattern.compile("(?m)^  (\\w+) : (\\S.*?)\\s*(#.*)?$");

    static ProgramSource read(Class<?> owner, List<String> resources) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String resource : resources) {
            try (InputStream stream = owner.getResourceAsStream(resource)) {
                if (stream == null) {
                    throw new FileNotFoundException("no program %s beside %s".formatted(resource, owner.getName()));
                }
                text.append(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return of(String.join(" and ", resources), text.toString());
    }

    static ProgramSource of(String name, String text) {
        Matcher module = MODULE.matcher(text);
        if (!module.find()) {
            throw new IllegalArgumentException("program %s has no class that is a Module".formatted(name));
        }
        String className = module.group(1);
        if (module.find()) {
            throw new IllegalArgumentException("program %s has two modules, %s and %s; it must have one"
                    .formatted(name, className, module.group(1)));
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        Matcher attribute = ATTRIBUTE.matcher(text);
        while (attribute.find()) {
            attributes.put(attribute.group(1), attribute.group(2));
        }
        return new ProgramSource(text, className, attributes);
    }

    /** Refuses values that the program does not declare, declares otherwise, or waits for in vain: libtorch itself would only fail later and elsewhere. */
    void check(Map<String, Object> values) {
        Set<String> missing = new TreeSet<>();
        attributes.forEach((name, type) -> {
            Object value = values.get(name);
            if (value == null) {
                if (!type.equals(EMPTY_TENSORS) && !name.equals("training")) {
                    missing.add(name + " : " + type);
                }
            } else if (!type.equals(typeOf(value))) {
                throw new IllegalArgumentException(
                        "attribute %s of %s is %s, not %s".formatted(name, module, type, typeOf(value)));
            }
        });
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("attributes of %s without a value: %s".formatted(module, missing));
        }
        for (String name : values.keySet()) {
            if (!attributes.containsKey(name)) {
                throw new IllegalArgumentException("%s has no attribute %s".formatted(module, name));
            }
        }
    }

    private static String typeOf(Object value) {
        return switch (value) {
            case Long whole -> "int";
            case Double real -> "float";
            case Boolean truth -> "bool";
            default -> value.getClass().getSimpleName();
        };
    }
}
