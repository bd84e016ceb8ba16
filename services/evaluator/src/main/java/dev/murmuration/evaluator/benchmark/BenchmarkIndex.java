package dev.murmuration.evaluator.benchmark;

import dev.murmuration.schemas.Sentiment;
import dev.murmuration.stage.text.Csv;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The list of a benchmark's photos with their labels: CSV with a header that has the columns {@code path} and {@code class}, and
 * may have {@code fold} and {@code split...}; others are ignored. Fields may be quoted as RFC 4180 has it, but without line
 * breaks inside. One photo may be listed more than once, as published indices do: each row counts.
 *
 * @param rows in the order of the file
 * @param repeated rows whose path an earlier row had
 */
public record BenchmarkIndex(List<Row> rows, int repeated) {

    /** The name of the index file. */
    public static final String FILE = "index.csv";

    /** The column with the fold that tests a photo, if folds are given. */
    public static final String FOLD = "fold";

    /**
     * One photo.
     *
     * @param path relative to the benchmark
     * @param label what people said
     * @param splits cells of the columns {@code fold} and {@code split...}, by column: which photos are trained on and which are tested
     */
    public record Row(String path, Sentiment label, Map<String, String> splits) {

        /** A row of an index without such columns. */
        Row(String path, Sentiment label) {
            this(path, label, Map.of());
        }
    }

    /**
     * Reads an index.
     *
     * @param benchmark its benchmark's name, for messages
     * @param limit the most rows
     * @throws BenchmarkException naming the line, where a row is not as it must be
     */
    public static BenchmarkIndex parse(String benchmark, byte[] csv, LabelScheme scheme, int limit)
            throws BenchmarkException {
        List<String> lines = new String(csv, StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.startsWith("\ufeff") ? line.substring(1) : line)
                .toList();
        List<String> header = lines.isEmpty() ? List.of() : Csv.cells(lines.getFirst());
        int path = header.indexOf("path");
        int number = header.indexOf("class");
        if (path < 0 || number < 0) {
            throw new BenchmarkException(
                    benchmark, FILE + " has no header with the columns path and class, but: " + header);
        }
        List<Line> listed = new ArrayList<>();
        Set<String> classes = new HashSet<>();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            List<String> cells = Csv.cells(lines.get(i));
            if (cells.size() <= Math.max(path, number)) {
                throw new BenchmarkException(
                        benchmark, "%s line %d has %d columns".formatted(FILE, i + 1, cells.size()));
            }
            if (leaves(cells.get(path))) {
                throw new BenchmarkException(
                        benchmark,
                        "%s line %d: %s is not a path inside the benchmark".formatted(FILE, i + 1, cells.get(path)));
            }
            if (listed.size() == limit) {
                throw new BenchmarkException(
                        benchmark, "%s has more than evaluator.max-rows = %d rows".formatted(FILE, limit));
            }
            classes.add(cells.get(number));
            listed.add(new Line(i + 1, cells.get(path), cells.get(number), splits(header, cells)));
        }
        return labelled(benchmark, listed, scheme.given(classes));
    }

    /** Reads only the paths of a CSV with the column {@code path}, relative or absolute. */
    public static List<String> paths(String name, byte[] csv) throws BenchmarkException {
        List<String> lines = new String(csv, StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.startsWith("\ufeff") ? line.substring(1) : line)
                .filter(line -> !line.isBlank())
                .toList();
        int path = lines.isEmpty() ? -1 : Csv.cells(lines.getFirst()).indexOf("path");
        if (path < 0) {
            throw new BenchmarkException(name, "has no header with the column path");
        }
        List<String> paths = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            List<String> cells = Csv.cells(line);
            if (cells.size() <= path || cells.get(path).isEmpty()) {
                throw new BenchmarkException(name, "has no path in: " + line);
            }
            paths.add(cells.get(path));
        }
        return paths;
    }

    private record Line(int number, String path, String classNumber, Map<String, String> splits) {}

    private static Map<String, String> splits(List<String> header, List<String> cells) {
        Map<String, String> splits = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(header.size(), cells.size()); i++) {
            if (header.get(i).matches(FOLD + "|split\\w*")) {
                splits.put(header.get(i), cells.get(i));
            }
        }
        return Map.copyOf(splits);
    }

    private static BenchmarkIndex labelled(String benchmark, List<Line> listed, LabelScheme scheme)
            throws BenchmarkException {
        List<Row> rows = new ArrayList<>();
        Set<String> paths = new HashSet<>();
        for (Line line : listed) {
            Optional<Sentiment> label = scheme.label(line.classNumber());
            if (label.isEmpty()) {
                throw new BenchmarkException(
                        benchmark,
                        "%s line %d: class %s; allowed are %s"
                                .formatted(FILE, line.number(), line.classNumber(), scheme.meaning()));
            }
            rows.add(new Row(line.path(), label.get(), line.splits()));
            paths.add(line.path());
        }
        if (rows.isEmpty()) {
            throw new BenchmarkException(benchmark, FILE + " lists no photo");
        }
        return new BenchmarkIndex(List.copyOf(rows), rows.size() - paths.size());
    }

    private static boolean leaves(String path) {
        return path.isEmpty()
                || path.startsWith("/")
                || path.contains("\\")
                || path.indexOf('\0') >= 0
                || List.of(path.split("/", -1)).contains("..");
    }
}
