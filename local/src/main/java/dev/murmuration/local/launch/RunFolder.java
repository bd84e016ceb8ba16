package dev.murmuration.local.launch;

import dev.murmuration.local.process.PidFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Everything that a running system keeps: data, logs, process ids. `run/` for `up`, `run/demo/` for a demo; the environment
 * variable MURMURATION_RUN names another folder than `run/`.
 *
 * @param folder the folder, absolute
 */
public record RunFolder(Path folder) {

    private static final Pattern LOGGED = Pattern.compile("\\d{4}-\\d\\d-\\d\\d [\\d:]{8} INFO +\\[[^]]*] (.*)");

    /** The folder of {@code up}. */
    public static RunFolder up(Path root) {
        return new RunFolder(base(root));
    }

    /** The folder of a demo. */
    public static RunFolder demo(Path root) {
        return new RunFolder(base(root).resolve("demo"));
    }

    private static Path base(Path root) {
        String elsewhere = System.getenv("MURMURATION_RUN");
        return elsewhere == null || elsewhere.isBlank()
                ? root.resolve("run")
                : Path.of(elsewhere).toAbsolutePath();
    }

    Path data() {
        return folder.resolve("platform");
    }

    /** The checkpoints in its object store, a folder for each run. */
    public Path checkpoints() {
        return data().resolve("objects/murmuration/checkpoints");
    }

    /** The key that exports are signed with; its public part is beside it, with {@code .pub} at its end. */
    public Path signingKey() {
        return folder.resolve("keys/signing.pem");
    }

    /** One log file per program. */
    public Path logs() {
        return folder.resolve("logs");
    }

    /** Deletes everything in it. */
    public void empty() {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot empty " + folder, e);
        }
    }

    /** Returns a program's last log message, without time, level and name. */
    Optional<String> lastWords(String program) {
        try {
            return Files.readAllLines(logs().resolve(program + ".log"), StandardCharsets.UTF_8).reversed().stream()
                    .map(LOGGED::matcher)
                    .filter(Matcher::matches)
                    .findFirst()
                    .map(line -> line.group(1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** One process id file per program. */
    public Path pids() {
        return folder.resolve("pids");
    }

    Path work(String service) {
        return folder.resolve("work").resolve(service);
    }

    /** For a service's temporary files: beside what it keeps, and made here, as a JVM wants it to be there. */
    Path temporary(String service) {
        try {
            return Files.createDirectories(work(service).resolve("tmp"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder in " + work(service), e);
        }
    }

    /** The plan of what runs. */
    public Path plan() {
        return folder.resolve("plan.properties");
    }

    /** The running programs, rewritten at each change. */
    public Path status() {
        return folder.resolve("status.tsv");
    }

    /** Locked while a launcher runs. */
    public Path lock() {
        return folder.resolve("launcher.lock");
    }

    /** The launcher's process id. */
    public PidFile launcher() {
        return PidFile.of(pids(), "launcher");
    }
}
