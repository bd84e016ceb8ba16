package dev.murmuration.local.launch;

import dev.murmuration.local.process.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the launcher says of itself and its programs, on disk for other processes.
 *
 * @param phase where the launcher stands
 * @param detail one line for a person
 * @param programs in the order in which they were started
 */
public record Status(Phase phase, String detail, List<State> programs) {

    /** Where the launcher stands. */
    public enum Phase {
        /** Broker, object store and registry are starting. */
        PLATFORM,
        /** The services are starting or running. */
        SERVICES,
        /** It is ending everything. */
        ENDING,
        /** It ended because something could not start; the detail says what. */
        FAILED
    }

    void write(Path file) {
        List<String> lines = new ArrayList<>();
        lines.add(phase + "\t" + oneField(detail));
        for (State state : programs) {
            lines.add(String.join(
                    "\t",
                    state.program(),
                    state.phase().name(),
                    Long.toString(state.pid()),
                    Integer.toString(state.restarts()),
                    oneField(state.detail())));
        }
        try {
            Path part = file.resolveSibling(file.getFileName() + ".part");
            Files.write(part, lines);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException unwritable) {
            throw new UncheckedIOException("cannot write " + file, unwritable);
        }
    }

    /** Reads the file that a launcher writes; empty if there is none. */
    public static Optional<Status> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(file);
            String[] first = lines.getFirst().split("\t", -1);
            List<State> programs = lines.stream()
                    .skip(1)
                    .map(line -> line.split("\t", -1))
                    .map(f -> new State(
                            f[0], State.Phase.valueOf(f[1]), Long.parseLong(f[2]), Integer.parseInt(f[3]), f[4]))
                    .toList();
            return Optional.of(new Status(Phase.valueOf(first[0]), first[1], programs));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + file, unreadable);
        }
    }

    /** Whether every program of the pipeline runs and is ready. */
    public boolean ready(int programCount) {
        return programs.size() == programCount
                && programs.stream()
                        .allMatch(state -> state.phase() == State.Phase.READY || state.phase() == State.Phase.DONE);
    }

    private static String oneField(String text) {
        return text.replaceAll("[\\t\\r\\n]+", " ");
    }
}
