package dev.murmuration.evaluator.model;

import dev.murmuration.evaluator.measure.Protocol;
import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreUnavailableException;
import dev.murmuration.student.StudentFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Resolves the name of a student to its weights. */
public final class ModelNames {

    private static final String STORE = "s3://";
    private static final String REGISTERED = "models/";
    private static final String LATEST = "latest";
    private static final Pattern BEST = Pattern.compile("best(?::(.+))?");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern NAME = Pattern.compile("[\\w.+-]{1,100}");

    private final Supplier<ObjectStore> store;
    private final Announced announced;
    private final CheckpointArchive archive;

    /** Announced checkpoints and configured names. */
    interface Announced {
        /** Every checkpoint in the order of its topic. */
        List<Checkpoint> checkpoints();

        /** Every accuracy in the order of its topic. */
        List<Accuracy> accuracies();

        /** The configured location of a name: a folder, a file or an {@code s3://} key. */
        Optional<String> registered(String name);

        /** The folder that contains published students by name. */
        Path modelFolder();
    }

    /**
     * Creates a resolver without connecting to anything.
     *
     * @param archive unpacks checkpoints
     */
    public ModelNames(Supplier<ObjectStore> store, Announced announced, CheckpointArchive archive) {
        this.store = store;
        this.announced = announced;
        this.archive = archive;
    }

    /**
     * The student's folder, or its one file.
     *
     * @param model a folder, a file that is a student by itself, a checkpoint's tar, a name in the model folder,
     *     {@code s3://KEY}, a registered name, a run, {@code latest}, {@code best} or {@code best:BENCHMARK}
     * @param temporary an empty folder; the caller's
     * @throws UnusableStudentException if there is no such student, naming what was looked for
     */
    public Path folder(String model, Path temporary) throws IOException, UnusableStudentException {
        return found(model, temporary).folder();
    }

    /** As above, with which student it is. */
    public ResolvedStudent resolved(String model, Path temporary) throws IOException, UnusableStudentException {
        Found found = found(model, temporary);
        return new ResolvedStudent(
                found.folder(),
                found.checkpoint().isPresent()
                        ? StudentIdentity.of(model, found.checkpoint().get())
                        : StudentIdentity.of(model, found.folder()));
    }

    private record Found(Path folder, Optional<Checkpoint> checkpoint) {
        static Found unannounced(Path folder) {
            return new Found(folder, Optional.empty());
        }
    }

    private Found found(String model, Path temporary) throws IOException, UnusableStudentException {
        if (model.startsWith(STORE)) {
            return Found.unannounced(ofKey(model.substring(STORE.length()), temporary));
        }
        Path path = Path.of(model);
        if (StudentFolder.isOneFile(path) || Files.isDirectory(path)) {
            return Found.unannounced(path);
        }
        if (Files.isRegularFile(path)) {
            return Found.unannounced(unpacked(model, path, temporary));
        }
        Optional<String> given = announced.registered(model).filter(where -> !where.equals(model));
        if (given.isPresent()) {
            return found(given.get(), temporary);
        }
        if (!NAME.matcher(model).matches() && !BEST.matcher(model).matches()) {
            throw new UnusableStudentException(model + " is neither a folder, a file nor a name");
        }
        Optional<Path> published = inModelFolder(model);
        if (published.isPresent()) {
            return Found.unannounced(published.get());
        }
        Optional<String> registered = registeredInStore(model);
        if (registered.isEmpty() && PublishedStudent.titled(model).isPresent()) {
            throw new UnusableStudentException(notInFolders(model));
        }
        if (registered.isPresent()) {
            return Found.unannounced(ofKey(registered.get(), temporary));
        }
        Checkpoint checkpoint = announcedAs(model);
        return new Found(ofCheckpoint(checkpoint, temporary), Optional.of(checkpoint));
    }

    private String notInFolders(String model) {
        return PublishedStudent.titled(model)
                .map(student ->
                        "%s is a published student whose weights are not here: put them at %s (docs/published-models.md says where they are from), or set evaluator.model-folder"
                                .formatted(student.title(), student.file(announced.modelFolder())))
                .orElseGet(
                        () -> "%s is not a folder, not a file and not in %s".formatted(model, announced.modelFolder()));
    }

    /** The folder {@code NAME} or the one file of that name but for its ending; a published one must be what was published. */
    private Optional<Path> inModelFolder(String name) throws IOException, UnusableStudentException {
        if (!NAME.matcher(name).matches() || name.startsWith(".")) {
            return Optional.empty();
        }
        Path folder = announced.modelFolder().resolve(name);
        Optional<Path> found = Files.isDirectory(folder) ? Optional.of(folder) : fileInModelFolder(name);
        Optional<PublishedStudent> published = PublishedStudent.titled(name);
        if (found.isPresent() && published.isPresent()) {
            String shape;
            try {
                shape = StudentFolder.shape(found.get()).name();
            } catch (IOException e) {
                throw new UnusableStudentException(found.get() + " holds no student: " + e.getMessage());
            }
            if (!shape.equals(published.get().architecture())) {
                throw new UnusableStudentException("%s is a %s; the published %s is a %s"
                        .formatted(found.get(), shape, name, published.get().architecture()));
            }
        }
        return found;
    }

    private Optional<Path> fileInModelFolder(String name) throws IOException, UnusableStudentException {
        Path folder = announced.modelFolder();
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> inside = Files.list(folder)) {
            List<Path> found = inside.filter(file -> StudentFolder.isOneFile(file)
                            && String.valueOf(file.getFileName())
                                    .replaceFirst("\\.\\w+$", "")
                                    .equals(name))
                    .sorted()
                    .toList();
            if (found.size() > 1) {
                throw new UnusableStudentException("%s may be any of %s".formatted(name, found));
            }
            return found.stream().findFirst();
        }
    }

    /** The checkpoint that {@code latest}, {@code best}, {@code best:BENCHMARK} or the name of a run currently stands for. */
    Checkpoint announcedAs(String name) throws UnusableStudentException {
        Matcher best = BEST.matcher(name);
        Optional<Checkpoint> found =
                best.matches() ? best(announced.accuracies(), Optional.ofNullable(best.group(1))) : latest(name);
        return found.orElseThrow(() -> new UnusableStudentException(
                best.matches()
                        ? name + ": no accuracy by zero-shot was announced yet"
                        : "%s is not a folder or a file, not in %s, no name under %s in the object store, no setting evaluator.models.%s, and no run of a checkpoint"
                                .formatted(name, announced.modelFolder(), REGISTERED, name)));
    }

    private Optional<Checkpoint> latest(String name) {
        return announced.checkpoints().stream()
                .filter(checkpoint -> name.equals(LATEST) || checkpoint.getRun().equals(name))
                .max(Comparator.comparing(Checkpoint::getCreatedAt).thenComparing(Checkpoint::getStep));
    }

    /**
     * The checkpoint with the highest macro F1 by zero-shot, on this benchmark or on the one that most were measured on: accuracy
     * would favour whoever always guesses the common class.
     */
    static Optional<Checkpoint> best(List<Accuracy> accuracies, Optional<String> benchmark) {
        List<Accuracy> asked = accuracies.stream()
                .filter(accuracy -> accuracy.getProtocol().equals(Protocol.ZERO_SHOT.title()))
                .toList();
        Optional<String> on =
                benchmark.or(() -> asked.stream()
                        .collect(Collectors.groupingBy(Accuracy::getBenchmark, Collectors.counting()))
                        .entrySet()
                        .stream()
                        .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                        .map(Map.Entry::getKey));
        return asked.stream()
                .filter(accuracy -> on.isPresent() && accuracy.getBenchmark().equals(on.get()))
                .max(Comparator.comparingDouble(Accuracy::getMacroF1))
                .map(Accuracy::getCheckpoint);
    }

    private Path ofCheckpoint(Checkpoint checkpoint, Path temporary) throws IOException, UnusableStudentException {
        Path tar = found(
                STORE + checkpoint.getKey(),
                store.get().download(checkpoint.getKey(), checkpoint.getSha256(), temporary.resolve("checkpoint.tar")));
        return unpackedOnly(checkpoint.getKey(), tar, temporary);
    }

    /** Checked by the SHA-256 in its key: objects are named by their content. */
    private Path ofKey(String key, Path temporary) throws IOException, UnusableStudentException {
        Matcher named = SHA256.matcher(key);
        if (!named.find()) {
            throw new UnusableStudentException(STORE + key + " has no SHA-256 in its name to check it by");
        }
        Path tar = found(STORE + key, store.get().download(key, named.group(), temporary.resolve("checkpoint.tar")));
        return unpackedOnly(STORE + key, tar, temporary);
    }

    // Checkpoints are in the store, too: if it does not answer, the name cannot be resolved.
    private Optional<String> registeredInStore(String model) throws UnusableStudentException {
        try {
            ObjectStore asked = store.get();
            return NAME.matcher(model).matches()
                            && !model.equals(LATEST)
                            && asked.get(REGISTERED + model) instanceof Fetched.Found<byte[]>(byte[] key)
                    ? Optional.of(new String(key, StandardCharsets.UTF_8).strip())
                    : Optional.empty();
        } catch (StoreUnavailableException e) {
            throw new UnusableStudentException("%s; %s".formatted(notInFolders(model), e.getMessage()));
        }
    }

    /**
     * Registers a folder under a name, for every command and service that shares the object store: the folder as a tar named by
     * its content, and the name as a small object that holds its key.
     *
     * @return the tar's key
     */
    public static String register(ObjectStore store, String name, Path folder, Path temporary) throws IOException {
        if (!NAME.matcher(name).matches()
                || name.equals(LATEST)
                || BEST.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    name
                            + " is not a valid name for a model: letters, digits, dot, dash, plus and underscore, and not latest or best");
        }
        Path tar = temporary.resolve("model.tar");
        CheckpointArchive.pack(folder, tar);
        String sha256 = Sha256.hex(tar);
        String key = "%s%s-%s.tar".formatted(REGISTERED, name, sha256);
        store.putIfAbsent(key, tar, sha256, "application/x-tar");
        store.put(REGISTERED + name, key.getBytes(StandardCharsets.UTF_8), "text/plain");
        return key;
    }

    private Path unpacked(String model, Path tar, Path temporary) throws IOException, UnusableStudentException {
        return found("model/ in " + model, archive.unpackModel(tar, Files.createDirectory(temporary.resolve("model"))));
    }

    /** Of a tar that was fetched: the optimizer's state in it is larger than the student, so it is not kept. */
    private Path unpackedOnly(String model, Path tar, Path temporary) throws IOException, UnusableStudentException {
        try {
            return unpacked(model, tar, temporary);
        } finally {
            Files.delete(tar);
        }
    }

    private static Path found(String what, Fetched<Path> fetched) throws UnusableStudentException {
        return switch (fetched) {
            case Fetched.Found<Path>(Path path) -> path;
            case Fetched.Missing<Path> missing -> throw new UnusableStudentException(what + " is missing");
            case Fetched.Damaged<Path>(String detail) ->
                throw new UnusableStudentException(what + " is damaged: " + detail);
        };
    }
}
