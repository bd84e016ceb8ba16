package dev.murmuration.filter.precision;

import dev.murmuration.filter.pipeline.CommandException;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.stage.text.Csv;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How often a person agreed with the labels of a class.
 *
 * @param judged samples of the class that have a verdict
 * @param agreed those whose verdict is the label
 */
public record Precision(long judged, long agreed) {

    private static final double Z95 = 1.959963984540054;

    /**
     * Reads a filled sheet; returns the classes that have verdicts.
     *
     * @throws CommandException naming the invalid line
     */
    public static Map<Sentiment, Precision> of(String csv) {
        List<List<String>> rows = parsed(csv);
        List<String> header = head(rows);
        int key = column(header, AuditSheet.KEY);
        int label = column(header, AuditSheet.LABEL);
        int verdict = column(header, AuditSheet.VERDICT);
        Map<Sentiment, Precision> precisions = new EnumMap<>(Sentiment.class);
        Set<String> seen = new HashSet<>();
        for (int i = 1; i < rows.size(); i++) {
            List<String> row = rows.get(i);
            if (row.size() != header.size()) {
                throw new CommandException(
                        "row %d has %d columns instead of %d".formatted(i + 1, row.size(), header.size()));
            }
            if (!seen.add(row.get(key))) {
                throw new CommandException("row %d: %s is judged twice".formatted(i + 1, row.get(key)));
            }
            Sentiment said = sentiment(row.get(label), i).orElseThrow(() -> new CommandException("a row has no label"));
            sentiment(row.get(verdict), i)
                    .ifPresent(judged -> precisions.merge(
                            said,
                            new Precision(1, judged == said ? 1 : 0),
                            (a, b) -> new Precision(a.judged + b.judged, a.agreed + b.agreed)));
        }
        return precisions;
    }

    /**
     * Reads a filled sheet whose labels are in a file of their own.
     *
     * @param labels what {@link AuditSheet#labels} wrote
     * @throws CommandException naming the invalid line
     */
    public static Map<Sentiment, Precision> of(String csv, String labels) {
        Map<String, String> known = new HashMap<>();
        List<List<String>> given = parsed(labels);
        int labelled = column(head(given), AuditSheet.KEY);
        int label = column(head(given), AuditSheet.LABEL);
        given.stream()
                .skip(1)
                .filter(row -> row.size() == head(given).size())
                .forEach(row -> known.put(row.get(labelled), row.get(label)));
        List<List<String>> sheet = parsed(csv);
        int key = column(head(sheet), AuditSheet.KEY);
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < sheet.size(); i++) {
            List<Object> cells = new ArrayList<>(sheet.get(i));
            String of = i == 0
                    ? AuditSheet.LABEL
                    : key < cells.size() ? known.get(sheet.get(i).get(key)) : "";
            if (of == null) {
                throw new CommandException(
                        "row %d: %s has no label".formatted(i + 1, sheet.get(i).get(key)));
            }
            cells.add(of);
            joined.append(Csv.row(cells.toArray())).append('\n');
        }
        return of(joined.toString());
    }

    /** How many samples of each class the version has, from what {@link AuditSheet#labels} wrote. */
    public static Map<Sentiment, Long> classSamples(String labels) {
        List<List<String>> rows = parsed(labels);
        int label = column(head(rows), AuditSheet.LABEL);
        int samples = column(head(rows), AuditSheet.CLASS_SAMPLES);
        Map<Sentiment, Long> all = new EnumMap<>(Sentiment.class);
        for (int i = 1; i < rows.size(); i++) {
            List<String> row = rows.get(i);
            try {
                long count = Long.parseLong(row.get(samples));
                sentiment(row.get(label), i).ifPresent(of -> all.put(of, count));
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                throw new CommandException(
                        "row %d of the labels has no %s".formatted(i + 1, AuditSheet.CLASS_SAMPLES), e);
            }
        }
        return all;
    }

    private static List<List<String>> parsed(String csv) {
        try {
            return Csv.parse(csv);
        } catch (IllegalArgumentException e) {
            throw new CommandException("the sheet is not valid CSV: " + e.getMessage(), e);
        }
    }

    private static List<String> head(List<List<String>> rows) {
        return rows.isEmpty() ? List.of() : rows.getFirst();
    }

    private static int column(List<String> header, String name) {
        int at = header.indexOf(name);
        if (at < 0) {
            throw new CommandException("the sheet has no column " + name);
        }
        return at;
    }

    private static Optional<Sentiment> sentiment(String cell, int row) {
        String word = cell.strip().toLowerCase(Locale.ROOT);
        if (word.isEmpty() || word.equals("?")) {
            return Optional.empty();
        }
        for (Sentiment sentiment : Sentiment.values()) {
            if (sentiment.name().equals(word)) {
                return Optional.of(sentiment);
            }
        }
        throw new CommandException(
                "row %d: '%s' is not one of negative, neutral, positive, ?".formatted(row + 1, cell));
    }

    /** The share of agreement, from 0 to 1. */
    public double value() {
        return (double) agreed / judged;
    }

    /** Lower end of Wilson's 95 % interval. */
    public double low() {
        return centre() - halfWidth();
    }

    /** Upper end of Wilson's 95 % interval. */
    public double high() {
        return centre() + halfWidth();
    }

    private double centre() {
        return (value() + Z95 * Z95 / (2 * judged)) / (1 + Z95 * Z95 / judged);
    }

    private double halfWidth() {
        double p = value();
        return Z95 / (1 + Z95 * Z95 / judged) * Math.sqrt(p * (1 - p) / judged + Z95 * Z95 / (4.0 * judged * judged));
    }
}
