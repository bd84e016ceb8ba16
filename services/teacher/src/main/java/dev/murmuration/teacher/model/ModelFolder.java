package dev.murmuration.teacher.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.schemas.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A model's files, in the layout of Hugging Face: {@code config.json} and, beside it, weights and what else the kind of model needs.
 *
 * @param origin where it is, for a person
 * @param name the model's name in events
 * @param path the folder on this machine
 * @param config the content of its {@code config.json}
 * @param version first 16 hexadecimal digits of the SHA-256 over its files
 */
public record ModelFolder(String origin, String name, Path path, JsonNode config, String version) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIG = "config.json";
    private static final int VERSION_DIGITS = 16;

    /** Files that say what the model computes; a README beside them changes nothing. */
    static final List<String> CONTENT =
            List.of(CONFIG, "merges.txt", "model.safetensors", "pytorch_model.bin", "tokenizer.json", "vocab.json");

    private static final Pattern PART = Pattern.compile(
            "(?:model|pytorch_model)(?:-\\d{5}-of-\\d{5}\\.(?:safetensors|bin)|\\.(?:safetensors|bin)\\.index\\.json)");
    private static final long MAX_CONFIG_BYTES = 1 << 20;

    /** Whether a file says what the model computes: one of {@link #CONTENT}, or of weights in several files, or their index. */
    static boolean isContent(String name) {
        return CONTENT.contains(name) || PART.matcher(name).matches();
    }

    /**
     * A folder on this machine.
     *
     * @param name the model's name in events
     * @throws ModelException if there is no such folder or no {@code config.json} that can be read
     */
    public static ModelFolder open(Path path, String name) {
        return open(path.toString(), path, name);
    }

    /**
     * One of the teachers that come with this service. Its files are copied out of the class path into a folder that the caller removes.
     *
     * @param into an existing folder
     */
    public static ModelFolder bundled(Bundled teacher, Path into) throws IOException {
        for (String file : teacher.files()) {
            try (InputStream in = ModelFolder.class.getResourceAsStream("/" + teacher.folder() + "/" + file)) {
                if (in == null) {
                    throw new ModelException(
                            teacher.setting(), file + " is missing from the class path: the build is incomplete");
                }
                Files.copy(in, into.resolve(file));
            }
        }
        return open(teacher.setting(), into, teacher.model());
    }

    private static ModelFolder open(String origin, Path path, String name) {
        if (!Files.isDirectory(path)) {
            throw new ModelException(origin, "no such folder");
        }
        if (!Files.isRegularFile(path.resolve(CONFIG))) {
            throw new ModelException(origin, CONFIG + " is missing");
        }
        try {
            if (Files.size(path.resolve(CONFIG)) > MAX_CONFIG_BYTES) {
                throw new ModelException(origin, "%s has more than %d bytes".formatted(CONFIG, MAX_CONFIG_BYTES));
            }
            return new ModelFolder(
                    origin, name, path, JSON.readTree(Files.readAllBytes(path.resolve(CONFIG))), version(path));
        } catch (JsonProcessingException e) {
            throw new ModelException(origin, "%s cannot be read: %s".formatted(CONFIG, e.getOriginalMessage()));
        } catch (IOException e) {
            throw new ModelException(origin, "cannot be read: " + e.getMessage());
        }
    }

    /**
     * The same, with the names that a person gives its outputs; its version is another one, since it says something else.
     *
     * @throws ModelException if these cannot be its outputs
     */
    public ModelFolder labelled(List<String> labels) {
        try {
            MessageDigest digest = Sha256.digest();
            digest.update((version + "\n" + String.join("\n", labels)).getBytes(StandardCharsets.UTF_8));
            return new ModelFolder(
                    origin,
                    name,
                    path,
                    Classes.named(config, labels),
                    HexFormat.of().formatHex(digest.digest()).substring(0, VERSION_DIGITS));
        } catch (IllegalArgumentException e) {
            throw new ModelException(this, e);
        }
    }

    /** What kind of model it says it is, in {@code model_type}. */
    public String type() {
        return config.path("model_type").asText("none");
    }

    /**
     * One of its files.
     *
     * @throws ModelException if it is not there
     */
    public Path file(String name) {
        Path file = path.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new ModelException(origin, name + " is missing");
        }
        return file;
    }

    private static String version(Path path) throws IOException {
        MessageDigest digest = Sha256.digest();
        for (String name : content(path)) {
            Path file = path.resolve(name);
            if (Files.isRegularFile(file)) {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                digest.update(ByteBuffer.allocate(Long.BYTES)
                        .putLong(Files.size(file))
                        .flip());
                try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                    Files.copy(file, out);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, VERSION_DIGITS);
    }

    /** The single files in the order of old, so that a model keeps its version; then those of weights in several. */
    private static List<String> content(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            List<String> parts = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> PART.matcher(name).matches())
                    .sorted()
                    .toList();
            return Stream.concat(CONTENT.stream(), parts.stream()).toList();
        }
    }

    /** Removes a folder of files. */
    public static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
