package dev.murmuration.teacher.model;

import dev.murmuration.schemas.Sha256;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoredObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Where models come from: {@link Bundled}, a folder, {@code s3://models/…} of the pipeline's own bucket, {@code hf://owner/name}
 * of a hub. What is not on this machine is copied into the cache once.
 *
 * @param hub asked for ids of a hub, and for nothing else
 * @param store asked for when a model lies in the object store
 */
public record ModelSources(Hub hub, Supplier<ObjectStore> store) {

    private static final String HUB = "hf://";
    private static final String STORE = "s3://";

    /** For tools, with the default settings and without an object store. */
    public static ModelSources forTools() {
        Hub hub = new Hub(
                URI.create("https://huggingface.co"),
                Path.of(System.getProperty("user.home"), ".cache", "murmuration", "models"),
                8L << 30,
                Duration.ofSeconds(30),
                System.err::println);
        return new ModelSources(hub, () -> {
            throw new ModelException("s3", "this tool takes a folder, an hf:// id or bundled");
        });
    }

    /**
     * The folder of a model that is not {@link Bundled}.
     *
     * @throws ModelException in one line, if it is not there
     */
    public ModelFolder open(String source) {
        if (source.startsWith(HUB)) {
            String[] parts = source.substring(HUB.length()).split("@", 2);
            return ModelFolder.open(hub.fetch(parts[0], parts.length > 1 ? parts[1] : "main"), parts[0]);
        }
        if (source.startsWith(STORE)) {
            return stored(source);
        }
        Path path = Path.of(source).toAbsolutePath().normalize();
        Path name = path.getFileName();
        return ModelFolder.open(path, name == null ? "model" : name.toString());
    }

    private ModelFolder stored(String source) {
        String prefix = source.substring(STORE.length()).replaceAll("/+$", "");
        if (!prefix.matches("models/[\\w./-]{1,200}") || prefix.contains("..")) {
            throw new ModelException(source, "not of the form s3://models/name");
        }
        ObjectStore objects = store.get();
        List<StoredObject> files = objects.list(prefix + "/").stream()
                .filter(found -> ModelFolder.isContent(found.key().substring(prefix.length() + 1)))
                .toList();
        if (files.isEmpty()) {
            throw new ModelException(source, "no model is stored there");
        }
        String name = prefix.substring(prefix.lastIndexOf('/') + 1);
        Path folder = hub.cache().resolve("s3--" + name + "@" + contentOf(files));
        try {
            if (!Files.isDirectory(folder)) {
                copy(source, objects, files, folder);
            }
        } catch (IOException e) {
            throw new ModelException(source, "cannot be copied to %s: %s".formatted(hub.cache(), e.getMessage()));
        }
        return ModelFolder.open(folder, name);
    }

    private static void copy(String source, ObjectStore objects, List<StoredObject> files, Path folder)
            throws IOException {
        Files.createDirectories(folder.getParent());
        Path partial = Files.createTempDirectory(folder.getParent(), folder.getFileName() + ".");
        for (StoredObject file : files) {
            String name = file.key().substring(file.key().lastIndexOf('/') + 1);
            Fetched<Path> fetched = objects.download(file.key(), partial.resolve(name));
            if (!(fetched instanceof Fetched.Found<Path>(Path found)) || Files.size(found) != file.bytes()) {
                ModelFolder.remove(partial);
                throw new ModelException(source, "%s changed while it was copied".formatted(name));
            }
        }
        Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A short name of what is stored now: another one when an object changes. */
    private static String contentOf(List<StoredObject> files) {
        String all = String.join(
                "\n",
                files.stream()
                        .map(file -> file.key() + " " + file.bytes() + " " + file.etag())
                        .toList());
        return Sha256.hex(all.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }
}
