package dev.murmuration.evaluator.command;

import dev.murmuration.evaluator.measure.Prediction;
import dev.murmuration.stage.text.Csv;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;

/**
 * Predictions as the papers' scripts write and read them: the header {@code NEG,NEU,POS} and one row for each photo, in the order
 * of the index. Two more columns say which photo it is and its class, for people and data frames; a reader of the first three
 * columns does not notice. A photo that could not be shown has {@code nan} three times, so that rows still match.
 */
final class PredictionsCsv {

    private final PrintWriter out;
    private final boolean named;

    /**
     * Writes the header.
     *
     * @param named whether the columns {@code path} and {@code class} follow
     */
    PredictionsCsv(PrintWriter out, boolean named) {
        this.out = out;
        this.named = named;
        out.println(named ? Csv.row("NEG", "NEU", "POS", "path", "class") : Csv.row("NEG", "NEU", "POS"));
    }

    /**
     * Writes one row.
     *
     * @param prediction empty: the photo could not be shown
     * @param label the class's number, 0 to 2, or nothing where it is not known
     */
    void row(Optional<Prediction> prediction, String path, String label) {
        String scores = prediction
                .map(p -> String.format(Locale.ROOT, "%.7f,%.7f,%.7f", p.negative(), p.neutral(), p.positive()))
                .orElse("nan,nan,nan");
        out.println(named ? scores + "," + Csv.row(path, label) : scores);
    }
}
