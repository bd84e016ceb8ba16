package dev.murmuration.filter.precision;

import dev.murmuration.filter.pipeline.CommandException;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.stage.text.Csv;
import java.util.EnumMap;
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
        List<List<String>> rows;
        try {
            rows = Csv.parse(csv);
        } catch (IllegalArgumentException e) {
            throw new CommandException("the sheet is not valid CSV: " + e.getMessage(), e);
        }
        List<String> header = rows.isEmpty() ? List.of() : rows.getFirst();
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
