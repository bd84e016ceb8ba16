package dev.murmuration.filter.precision;

import dev.murmuration.schemas.Sentiment;
import dev.murmuration.stage.text.Csv;
import dev.murmuration.stage.text.Html;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The sheet for a human judge: one row per sample, in an order that does not reveal the labels. Labels and scores are in a file of
 * their own, so that the judge does not see them: who sees a label agrees with it more often.
 */
public record AuditSheet(List<Row> rows) {

    /** Name of the column with the key of a sample. */
    static final String KEY = "key";
    /** Name of the column with the label. */
    static final String LABEL = "label";
    /** Name of the column with how many samples of the label the version has. */
    static final String CLASS_SAMPLES = "class-samples";
    /** Name of the column that the judge fills. */
    static final String VERDICT = "verdict";

    /** A sample, with the scores of the teacher. */
    public record Row(
            String key, String split, Sentiment label, double negative, double neutral, double positive, String text) {}

    /** Orders the rows by their keys. */
    public AuditSheet {
        // Keys are hashes: sorting by them mixes the classes.
        rows = rows.stream().sorted(Comparator.comparing(Row::key)).toList();
    }

    /** Number of rows. */
    public int size() {
        return rows.size();
    }

    /** The sheet as CSV, with an empty verdict in each row. */
    public List<String> csv() {
        List<String> lines = new ArrayList<>();
        lines.add(Csv.row(KEY, "photo", "split", "text", VERDICT));
        for (Row row : rows) {
            lines.add(Csv.row(row.key(), "photos/%s.jpg".formatted(row.key()), row.split(), row.text(), ""));
        }
        return lines;
    }

    /**
     * What the judge does not see, as CSV: label and scores of each row.
     *
     * @param perClass how many samples of each class the version has
     */
    public List<String> labels(Map<Sentiment, Long> perClass) {
        List<String> lines = new ArrayList<>();
        lines.add(Csv.row(KEY, LABEL, "negative", "neutral", "positive", CLASS_SAMPLES));
        for (Row row : rows) {
            lines.add(Csv.row(
                    row.key(),
                    row.label().name(),
                    score(row.negative()),
                    score(row.neutral()),
                    score(row.positive()),
                    Long.toString(perClass.getOrDefault(row.label(), 0L))));
        }
        return lines;
    }

    /** The sheet as a page with the photos. */
    public List<String> html(String title) {
        List<String> lines = new ArrayList<>();
        lines.add("<!doctype html><meta charset=\"utf-8\"><title>%s</title>".formatted(Html.escaped(title)));
        lines.add(
                "<style>body{font:14px sans-serif}div{display:inline-block;width:280px;margin:6px;vertical-align:top}img{max-width:270px;max-height:270px}</style>");
        lines.add(
                "<h1>%s</h1><p>Say for each photo which sentiment it has: negative, neutral, positive, or ? for no idea, in the column verdict of sheet.csv.</p>"
                        .formatted(Html.escaped(title)));
        for (Row row : rows) {
            lines.add("<div><img src=\"photos/%1$s.jpg\" alt=\"%1$s\"><p>%1$s<br>%2$s</p></div>"
                    .formatted(Html.escaped(row.key()), Html.escaped(row.text())));
        }
        return lines;
    }

    private static String score(double probability) {
        return String.format(Locale.ROOT, "%.4f", probability);
    }
}
