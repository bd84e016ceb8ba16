package dev.murmuration.evaluator.command;

import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.evaluation.BenchmarkPredictions;
import dev.murmuration.evaluator.evaluation.Fold;
import dev.murmuration.evaluator.measure.Metrics;
import dev.murmuration.evaluator.measure.Protocol;
import dev.murmuration.schemas.ClassAccuracy;
import dev.murmuration.stage.text.Printable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Prints the metrics of a student on a benchmark as a table. */
final class MetricsTable {

    private static final int NAMED = 10;

    private final PrintWriter out;

    MetricsTable(PrintWriter out) {
        this.out = out;
    }

    /** Prints the benchmark, its unreadable photos, and one row per protocol. */
    void print(BenchmarkPredictions answers, List<Protocol> protocols) {
        Benchmark benchmark = answers.benchmark();
        printHead(benchmark, answers.odd());
        out.println(
                "protocol   photos  accuracy  95 % interval   majority   chance  balanced  macro F1  ROC AUC  95 % interval   avg prec  F1 of each class");
        for (Protocol protocol : protocols) {
            Optional<Metrics> metrics =
                    Fold.measurable(protocol, benchmark) ? protocol.measure(answers.judged()) : Optional.empty();
            out.println(metrics.map(figures -> row(protocol, figures))
                    .orElse("%-9s  says nothing about these photos".formatted(protocol.title())));
        }
        for (Protocol protocol : protocols) {
            if (Fold.measurable(protocol, benchmark)) {
                protocol.measure(answers.judged()).ifPresent(figures -> printConfusion(protocol, figures));
            }
        }
        out.flush();
    }

    /** Prints the benchmark and its unreadable photos. */
    void printHead(Benchmark benchmark, List<BenchmarkPredictions.Odd> odd) {
        out.printf(
                "%s: %d photos, %d not shown, %d repeated, sha256 %s%n",
                benchmark.name(), benchmark.photos().size(), odd.size(), benchmark.repeated(), benchmark.sha256());
        benchmark.warnings().forEach(warning -> out.println(Printable.of("  warning: " + warning)));
        odd.stream()
                .limit(NAMED)
                .forEach(one -> out.println(Printable.of("  not shown: %s: %s".formatted(one.path(), one.problem()))));
        if (odd.size() > NAMED) {
            out.printf("  not shown: %d more%n", odd.size() - NAMED);
        }
    }

    /** Rows: the truth; columns: what the student said. */
    private void printConfusion(Protocol protocol, Metrics metrics) {
        List<String> classes = metrics.perClass().stream()
                .map(one -> one.getLabel().toString())
                .toList();
        StringBuilder head = new StringBuilder("%-9s  %-18s".formatted(protocol.title(), "truth, said to be"));
        classes.forEach(label -> head.append("%10s".formatted(label)));
        out.println(head);
        for (int truth = 0; truth < classes.size(); truth++) {
            StringBuilder row = new StringBuilder("%-9s  %-18s".formatted("", classes.get(truth)));
            metrics.confusion().get(truth).forEach(count -> row.append("%,10d".formatted(count)));
            out.println(row);
        }
    }

    private static String row(Protocol protocol, Metrics metrics) {
        StringBuilder row = new StringBuilder(String.format(
                Locale.ROOT,
                "%-9s  %6d  %6.1f %%  %5.1f to %5.1f %%  %6.1f %% %6.1f %%  %6.1f %%  %8.3f  %s",
                protocol.title(),
                metrics.samples(),
                100 * metrics.accuracy(),
                100 * metrics.interval().low(),
                100 * metrics.interval().high(),
                100 * metrics.majority(),
                100.0 / metrics.perClass().size(),
                100 * metrics.balancedAccuracy(),
                metrics.macroF1(),
                metrics.ranking()
                        .map(ranking -> String.format(
                                Locale.ROOT,
                                "%7.3f  %.3f to %.3f  %8.3f",
                                ranking.rocAuc(),
                                ranking.low95(),
                                ranking.high95(),
                                ranking.averagePrecision()))
                        .orElse("      -  -                      -")));
        for (ClassAccuracy one : metrics.perClass()) {
            row.append(String.format(Locale.ROOT, "  %s %.3f", one.getLabel(), one.getF1()));
        }
        return row.toString();
    }
}
