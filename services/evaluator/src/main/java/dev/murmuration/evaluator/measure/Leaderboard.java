package dev.murmuration.evaluator.measure;

import dev.murmuration.schemas.Accuracy;
import dev.murmuration.stage.text.Csv;
import dev.murmuration.stage.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares our students with the published ones, by protocol and benchmark. */
public final class Leaderboard {

    private static final String OURS = "ours";
    private static final int CELL = 8;

    private final List<Line> lines;

    private Leaderboard(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    /**
     * One figure.
     *
     * @param accuracy in percent
     * @param macroF1 in percent; empty where it was not published
     * @param rocAuc of positive against negative; empty where it was not published or one is absent
     * @param samples photos; 0 where it was not published
     * @param interval of the accuracy at 95 %, in percent; empty where it was not published
     */
    record Line(
            String protocol,
            String model,
            String source,
            String benchmark,
            double accuracy,
            OptionalDouble macroF1,
            OptionalDouble rocAuc,
            long samples,
            Optional<Interval> interval) {}

    /** From low to high, in percent. */
    record Interval(double low, double high) {}

    /** Output formats. */
    public enum Format {
        TEXT,
        CSV,
        MARKDOWN
    }

    /** Combines the published results with the last checkpoint of each run: choosing the best one by its test photos would be biased. */
    public static Leaderboard of(List<Accuracy> accuracies) {
        List<Line> lines = new ArrayList<>(published());
        Map<String, Accuracy> last = new LinkedHashMap<>();
        accuracies.stream()
                .sorted(Comparator.comparing(
                        (Accuracy accuracy) -> accuracy.getCheckpoint().getStep()))
                .forEach(accuracy -> last.put(
                        accuracy.getCheckpoint().getRun() + "\n" + accuracy.getProtocol() + "\n"
                                + accuracy.getBenchmark(),
                        accuracy));
        last.values()
                .forEach(accuracy -> lines.add(new Line(
                        accuracy.getProtocol(),
                        "%s, step %d"
                                .formatted(
                                        accuracy.getCheckpoint().getRun(),
                                        accuracy.getCheckpoint().getStep()),
                        OURS,
                        accuracy.getBenchmark(),
                        100 * accuracy.getAccuracy(),
                        OptionalDouble.of(100 * accuracy.getMacroF1()),
                        accuracy.getRocAuc() == null ? OptionalDouble.empty() : OptionalDouble.of(accuracy.getRocAuc()),
                        accuracy.getSamples(),
                        Optional.of(new Interval(100 * accuracy.getLow95(), 100 * accuracy.getHigh95())))));
        return new Leaderboard(lines);
    }

    /** All results from the papers' tables. */
    static List<Line> published() {
        List<Line> lines = new ArrayList<>();
        for (String row : resource().lines().skip(1).toList()) {
            List<String> cells = Csv.cells(row);
            lines.add(new Line(
                    cells.get(0),
                    cells.get(1),
                    cells.get(2),
                    cells.get(3),
                    Double.parseDouble(cells.get(4)),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    0,
                    Optional.empty()));
        }
        return lines;
    }

    /** Formats the leaderboard. */
    public String written(Format format) {
        return format == Format.CSV ? csv() : tables(format == Format.MARKDOWN);
    }

    private String csv() {
        StringBuilder out = new StringBuilder(
                        Csv.row("protocol", "model", "source", "benchmark", "accuracy", "macroF1", "rocAuc", "samples"))
                .append('\n');
        for (Line line : lines) {
            out.append(Csv.row(
                            line.protocol,
                            line.model,
                            line.source,
                            line.benchmark,
                            percent(line.accuracy),
                            line.macroF1.isPresent() ? percent(line.macroF1.getAsDouble()) : "",
                            line.rocAuc.isPresent() ? area(line.rocAuc.getAsDouble()) : "",
                            line.samples == 0 ? "" : line.samples))
                    .append('\n');
        }
        return out.toString();
    }

    private String tables(boolean markdown) {
        StringBuilder out = new StringBuilder();
        Set<String> protocols = new LinkedHashSet<>();
        lines.forEach(line -> protocols.add(line.protocol));
        for (String protocol : protocols) {
            table(out, protocol, markdown);
        }
        return out.toString();
    }

    private void table(StringBuilder out, String protocol, boolean markdown) {
        Set<String> benchmarks = new LinkedHashSet<>();
        Map<String, Map<String, Line>> rows = new LinkedHashMap<>();
        for (Line line : lines) {
            if (line.protocol.equals(protocol)) {
                benchmarks.add(line.benchmark);
                rows.computeIfAbsent(line.model + "\n" + line.source, absent -> new LinkedHashMap<>())
                        .put(line.benchmark, line);
            }
        }
        List<List<String>> cells = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("model", "from"));
        head.addAll(benchmarks);
        cells.add(head);
        List<Map<String, Line>> sorted =
                rows.values().stream().sorted(bestFirst(benchmarks)).toList();
        for (Map<String, Line> row : sorted) {
            Line any = row.values().iterator().next();
            List<String> each = new ArrayList<>(List.of(any.model, any.source));
            for (String benchmark : benchmarks) {
                Line line = row.get(benchmark);
                each.add(line == null ? "-" : cell(line));
            }
            cells.add(each);
        }
        out.append(markdown ? "### " : "").append(protocol).append(": accuracy in percent (macro F1; ROC AUC)\n");
        out.append(markdown ? "\n" : "");
        for (int i = 0; i < cells.size(); i++) {
            out.append(markdown ? markdown(cells.get(i)) : text(cells.get(i), cells))
                    .append('\n');
            if (markdown && i == 0) {
                out.append("|").append("---|".repeat(head.size())).append('\n');
            }
        }
        for (Map<String, Line> row : sorted) {
            row.values()
                    .forEach(line -> line.interval.ifPresent(interval -> out.append(markdown ? "- " : "  ")
                            .append(Printable.of("%s on %s: %s %% (95 %% interval %s to %s) of %,d photos"
                                    .formatted(
                                            line.model,
                                            line.benchmark,
                                            percent(line.accuracy),
                                            percent(interval.low),
                                            percent(interval.high),
                                            line.samples)))
                            .append('\n')));
        }
        out.append('\n');
    }

    /** By the accuracy on the first benchmark that tells two apart; who was not measured on it comes later. */
    private static Comparator<Map<String, Line>> bestFirst(Set<String> benchmarks) {
        Comparator<Map<String, Line>> order = Comparator.comparingInt(row -> 0);
        for (String benchmark : benchmarks) {
            order = order.thenComparingDouble(row -> Optional.ofNullable(row.get(benchmark))
                    .map(line -> -line.accuracy)
                    .orElse(0.0));
        }
        return order;
    }

    private static String cell(Line line) {
        return percent(line.accuracy)
                + (line.macroF1.isPresent()
                        ? " (%s%s)"
                                .formatted(
                                        percent(line.macroF1.getAsDouble()),
                                        line.rocAuc.isPresent() ? "; " + area(line.rocAuc.getAsDouble()) : "")
                        : "");
    }

    private static String markdown(List<String> cells) {
        return cells.stream()
                .map(cell -> Printable.of(cell).replace("|", "\\|").replace("<", "&lt;"))
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String text(List<String> cells, List<List<String>> all) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            int column = i;
            int width = all.stream()
                    .mapToInt(each -> each.get(column).length())
                    .max()
                    .orElse(CELL);
            row.append(Printable.of(cells.get(i)))
                    .append(" ".repeat(width - cells.get(i).length() + 2));
        }
        return row.toString().stripTrailing();
    }

    private static String area(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String resource() {
        try (InputStream in = Leaderboard.class.getResourceAsStream("published.csv")) {
            if (in == null) {
                throw new IllegalStateException("published.csv is not among the resources");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
