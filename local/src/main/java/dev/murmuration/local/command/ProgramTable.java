package dev.murmuration.local.command;

import dev.murmuration.local.process.ProgramState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The programs for people, in few lines: three beside each other, then a line for each that needs attention. */
final class ProgramTable {

    private static final int BESIDE = 3;
    private static final int WIDTH = 80;

    private ProgramTable() {}

    static List<String> lines(List<ProgramState> programs) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < programs.size(); i += BESIDE) {
            lines.add(programs.subList(i, Math.min(programs.size(), i + BESIDE)).stream()
                    .map(state -> "%-10s %-12s"
                            .formatted(state.program(), state.phase().name().toLowerCase(Locale.ROOT)))
                    .collect(Collectors.joining("   "))
                    .stripTrailing());
        }
        for (ProgramState state : programs) {
            if (state.restarts() > 0 || !state.detail().isEmpty()) {
                String line = "%s: process %d, restarts %d%s"
                        .formatted(
                                state.program(),
                                state.pid(),
                                state.restarts(),
                                state.detail().isEmpty() ? "" : ", " + state.detail());
                lines.add(line.length() <= WIDTH ? line : line.substring(0, WIDTH - 3) + "...");
            }
        }
        return lines;
    }
}
