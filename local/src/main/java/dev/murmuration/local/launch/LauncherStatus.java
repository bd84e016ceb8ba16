package dev.murmuration.local.launch;

import dev.murmuration.local.process.ProgramState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The state of the launcher and its programs, on disk for other processes.
 *
 * @param phase where the launcher stands
 * @param detail one line for a person
 * @param programs in the order in which they were started
 */
public record LauncherStatus(Phase phase, String detail, List<ProgramState> programs) {

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
        for (ProgramState state : programs) {
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
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Reads the status file of a launcher; empty if the file does not exist. */
    public static Optional<LauncherStatus> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(file);
            String[] first = lines.getFirst().split("\t", -1);
            List<ProgramState> programs = lines.stream()
                    .skip(1)
                    .map(line -> line.split("\t", -1))
                    .map(f -> new ProgramState(
                            f[0], ProgramState.Phase.valueOf(f[1]), Long.parseLong(f[2]), Integer.parseInt(f[3]), f[4]))
                    .toList();
            return Optional.of(new LauncherStatus(Phase.valueOf(first[0]), first[1], programs));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Whether every program of the pipeline runs and is ready. */
    public boolean ready(int programCount) {
        return programs.size() == programCount
                && programs.stream()
                        .allMatch(state ->
                                state.phase() == ProgramState.Phase.READY || state.phase() == ProgramState.Phase.DONE);
    }

    private static String oneField(String text) {
        return text.replaceAll("[\\t\\r\\n]+", " ");
    }
}
