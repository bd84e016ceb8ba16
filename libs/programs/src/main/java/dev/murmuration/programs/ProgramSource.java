package dev.murmuration.programs;

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
 * A program's source as libtorch compiles it, generated from the PyTorch in which it is written: one class, its attributes and methods
 * followed by those of its base classes.
 *
 * <p>libtorch's importer compiles what {@code torch.jit.script} compiles, but resolves only operators, by their own names. Everything
 * before a class (imports, the file's docstring) is therefore omitted, {@code F.gelu} becomes {@code torch.gelu}, and the types
 * {@code torch.float32} and {@code torch.bfloat16} become their numbers.
 *
 * @param text source of the class, as libtorch compiles it
 * @param module name of the class
 * @param attributes declared type of each attribute by name, in the order of the declarations
 */
record ProgramSource(String text, String module, Map<String, String> attributes) {

    static final String EMPTY_TENSORS = "List[Tensor]";
    static final String TRAINING = "training";

    private static final Pattern CLASS = Pattern.compile("(?m)^class (\\w+)\\((\\w+)\\):\\R");
    private static final Pattern ATTRIBUTE = Pattern.compile("(?m)^    (\\w+): (\\S.*?)\\s*(#.*)?$");
    private static final Map<Pattern, String> OPERATORS = Map.of(
            Pattern.compile("\\bF\\."), "torch.",
            Pattern.compile("\\btorch\\.float32\\b"), "6",
            Pattern.compile("\\btorch\\.bfloat16\\b"), "15");

    /**
     * Reads a program and the files of its base classes.
     *
     * @param owner the class whose class path folder the files are in
     * @throws FileNotFoundException if a file does not exist
     * @throws IllegalArgumentException if a file does not have exactly one class, or inherits from one that it does not import
     */
    static ProgramSource read(Class<?> owner, String resource) throws IOException {
        Part program = Part.read(owner, resource);
        StringBuilder members = new StringBuilder(program.members());
        for (Part part = program; !part.base().equals("Module"); ) {
            part = Part.read(owner, part.baseFile());
            members.append(part.members());
        }
        String text = "class %s(Module):\n    %s: bool\n%s".formatted(program.name(), TRAINING, members);
        for (Map.Entry<Pattern, String> operator : OPERATORS.entrySet()) {
            text = operator.getKey().matcher(text).replaceAll(operator.getValue());
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        Matcher attribute = ATTRIBUTE.matcher(text);
        while (attribute.find()) {
            attributes.put(attribute.group(1), attribute.group(2));
        }
        return new ProgramSource(text, program.name(), attributes);
    }

    /** Refuses values that are undeclared or have another type, and missing ones: libtorch itself would fail only later and elsewhere. */
    void check(Map<String, Object> values) {
        Set<String> missing = new TreeSet<>();
        attributes.forEach((name, type) -> {
            Object value = values.get(name);
            if (value == null) {
                if (!type.equals(EMPTY_TENSORS) && !name.equals(TRAINING)) {
                    missing.add(name + ": " + type);
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

    /**
     * One file.
     *
     * @param file its name
     * @param imports everything before the class
     * @param name of the class
     * @param base the class that it inherits from
     * @param members attributes and methods of the class
     */
    private record Part(String file, String imports, String name, String base, String members) {

        static Part read(Class<?> owner, String file) throws IOException {
            String text;
            try (InputStream stream = owner.getResourceAsStream(file)) {
                if (stream == null) {
                    throw new FileNotFoundException("no program %s beside %s".formatted(file, owner.getName()));
                }
                text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            }
            Matcher header = CLASS.matcher(text);
            List<String> names = header.results().map(found -> found.group(1)).toList();
            if (names.size() != 1) {
                throw new IllegalArgumentException(
                        "program %s has the classes %s; it must have one, with the class that it inherits from"
                                .formatted(file, names));
            }
            header.reset().find();
            return new Part(
                    file,
                    text.substring(0, header.start()),
                    header.group(1),
                    header.group(2),
                    text.substring(header.end()));
        }

        String baseFile() {
            Matcher found = Pattern.compile("(?m)^from (\\w+) import %s$".formatted(base))
                    .matcher(imports);
            if (!found.find()) {
                throw new IllegalArgumentException(
                        "program %s inherits from %s, which it does not import from a file".formatted(file, base));
            }
            return found.group(1) + ".py";
        }
    }
}
