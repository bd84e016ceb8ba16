package dev.murmuration.local.demo;

import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Shows a {@link PipelineProgress} as it changes: on a terminal as a block that is redrawn in place, elsewhere as occasional
 * lines. Not thread-safe.
 */
public final class ProgressDisplay {

    private static final long BETWEEN_LINES_NANOS = 5_000_000_000L;
    private static final long RATE_OVER_NANOS = 5_000_000_000L;

    private record Moment(long nanos, Map<String, Long> done) {}

    private final PrintWriter out;
    private final boolean terminal;
    private final long started = System.nanoTime();
    private final Deque<Moment> moments = new ArrayDeque<>();
    private int drawn;
    private long lastLine = started - BETWEEN_LINES_NANOS;
    private long lastAdvanced = -1;

    /** On a terminal, or into a pipe or file. */
    public ProgressDisplay(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Prints a permanent line above the block. */
    public void say(String line) {
        erase();
        out.println(line);
        out.flush();
    }

    /** Shows the current progress. */
    public void show(PipelineProgress flow) {
        long now = System.nanoTime();
        Map<String, Double> rates = rates(flow, now);
        if (terminal) {
            erase();
            List<String> block = block(flow, rates, (now - started) / 1_000_000_000L);
            block.forEach(out::println);
            drawn = block.size();
            out.flush();
        } else if (now - lastLine >= BETWEEN_LINES_NANOS && flow.advanced() != lastAdvanced) {
            lastLine = now;
            lastAdvanced = flow.advanced();
            out.println(line(flow, (now - started) / 1_000_000_000L));
            out.flush();
        }
    }

    /** Leaves the block; later output goes below it. */
    public void release() {
        drawn = 0;
    }

    static List<String> block(PipelineProgress flow, Map<String, Double> rates, long seconds) {
        List<String> lines = new ArrayList<>();
        lines.add("%4d s     %10s %10s %10s %8s %8s".formatted(seconds, "in", "out", "rejected", "lag", "rate/s"));
        for (StageProgress stage : flow.stages()) {
            lines.add("%-10s %,10d %,10d %,10d %,8d %8.1f  %s"
                    .formatted(
                            stage.name(),
                            stage.in(),
                            stage.out(),
                            stage.rejected(),
                            stage.lag(),
                            rates.getOrDefault(stage.name(), 0.0),
                            stage.detail()));
        }
        return lines;
    }

    static String line(PipelineProgress flow, long seconds) {
        StringBuilder line = new StringBuilder("%4d s".formatted(seconds));
        for (StageProgress stage : flow.stages()) {
            line.append(" | %s %,d > %,d".formatted(stage.name(), stage.in(), stage.out()));
            if (stage.rejected() > 0) {
                line.append(", rejected %,d".formatted(stage.rejected()));
            }
            if (stage.lag() > 0) {
                line.append(", lag %,d".formatted(stage.lag()));
            }
            if (!stage.detail().isEmpty()
                    && (stage.name().equals("trainer") || stage.name().equals("evaluator"))) {
                line.append(", ").append(stage.detail());
            }
        }
        return line.toString();
    }

    private Map<String, Double> rates(PipelineProgress flow, long now) {
        Map<String, Long> done = new HashMap<>();
        flow.stages().forEach(stage -> done.put(stage.name(), stage.in()));
        moments.addLast(new Moment(now, done));
        while (moments.size() > 2 && moments.peekFirst().nanos() < now - RATE_OVER_NANOS) {
            moments.removeFirst();
        }
        Moment before = moments.getFirst();
        double seconds = Math.max(1e-9, (now - before.nanos()) / 1e9);
        Map<String, Double> rates = new HashMap<>();
        done.forEach((name, count) -> rates.put(name, (count - before.done().getOrDefault(name, 0L)) / seconds));
        return rates;
    }

    private void erase() {
        if (terminal && drawn > 0) {
            out.printf("\u001b[%dA\u001b[J", drawn);
            drawn = 0;
        }
    }
}
