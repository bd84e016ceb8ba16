package dev.murmuration.local.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.murmuration.local.audit.AuditTally;
import dev.murmuration.local.audit.Report;
import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.ClassAccuracy;
import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.PerClass;
import dev.murmuration.schemas.Shard;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The result of a demo.
 *
 * @param seconds since the command was started
 * @param ledger the content of the topics
 * @param audit its result
 * @param hasBenchmark whether there was a benchmark
 */
public record Summary(long seconds, AuditTally ledger, Report audit, boolean hasBenchmark) {

    /** Percentage points above the majority class that show that a student has learned. */
    private static final double CLEARLY = 15;

    /** A demo with a benchmark. */
    Summary(long seconds, AuditTally ledger, Report audit) {
        this(seconds, ledger, audit, true);
    }

    /** Whether the demo succeeded: conservation holds and, if there was a benchmark, at least one accuracy was published. */
    public boolean ok() {
        return audit.ok() && (!hasBenchmark || !ledger.accuracies().isEmpty());
    }

    /**
     * As JSON.
     *
     * @param console where the web console is, if it runs on
     */
    public String json(Optional<URI> console) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("ok", ok());
        all.put("seconds", seconds);
        all.put("records", sum(Cursor::getRecords));
        all.put("admitted", sum(Cursor::getAdmitted));
        all.put("rejected", ledger.rejectedByStage());
        all.put("deadLettered", ledger.deadLetterCount());
        all.put("scored", ledger.scoredCount());
        all.put("labelled", ledger.labelledCount());
        all.put("datasets", datasets());
        all.put("shards", ledger.shards().size());
        all.put("checkpoints", ledger.checkpoints().size());
        all.put("accuracies", latest().stream().map(Summary::figures).toList());
        Map<String, Object> conservation = new LinkedHashMap<>();
        conservation.put("ok", audit.ok());
        conservation.put("photos", audit.photos());
        all.put("conservation", conservation);
        all.put("consoleUrl", console.map(URI::toString).orElse(null));
        try {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As text. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("%-28s %,12d".formatted("records read", sum(Cursor::getRecords)));
        lines.add("%-28s %,12d".formatted("    admitted", sum(Cursor::getAdmitted)));
        lines.add("%-28s %,12d".formatted("    rejected whole", sum(Cursor::getRejected)));
        lines.add("%-28s %,12d".formatted("    deletions", sum(Cursor::getDeletions)));
        lines.add("%-28s %,12d".formatted("    duplicates", sum(Cursor::getDuplicates)));
        lines.add("%-28s %,12d".formatted("    malformed", sum(Cursor::getMalformed)));
        lines.add("%-28s %,12d".formatted("scored", ledger.scoredCount()));
        lines.add("%-28s %,12d".formatted("photos labelled", ledger.labelledCount()));
        ledger.rejectedByStage()
                .forEach((stage, reasons) -> reasons.forEach((reason, count) ->
                        lines.add("%-28s %,12d".formatted("rejected by " + stage, count) + "  " + reason)));
        lines.add("%-28s %,12d".formatted("dead letters", ledger.deadLetterCount()));
        datasets()
                .forEach((name, classes) -> lines.add("%-28s %,12d  negative %,d, neutral %,d, positive %,d"
                        .formatted(
                                "data set " + name,
                                classes.values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum(),
                                classes.get("negative"),
                                classes.get("neutral"),
                                classes.get("positive"))));
        lines.add("%-28s %,12d".formatted("shards", ledger.shards().size()));
        lines.add("%-28s %,12d".formatted("checkpoints", ledger.checkpoints().size()));
        lines.add("");
        lines.addAll(measured());
        audit.differences()
                .forEach(difference -> lines.add("DIFFERENCE %s: %,d, for example %s"
                        .formatted(difference.what(), difference.count(), String.join(", ", difference.examples()))));
        audit.notes().forEach(note -> lines.add("note: " + note));
        lines.add(
                audit.ok()
                        ? "conservation holds: each of %,d photos is labelled, rejected or dead-lettered, once"
                                .formatted(audit.photos())
                        : "conservation is BROKEN");
        return lines;
    }

    private List<String> measured() {
        if (latest().isEmpty()) {
            return List.of(
                    hasBenchmark
                            ? "no accuracy was published"
                            : "no accuracy: the stream has no labels.csv, so nothing was held back to measure on");
        }
        List<String> lines = new ArrayList<>();
        lines.add("%-12s %-10s %6s %9s %17s %9s %8s %9s %15s"
                .formatted(
                        "benchmark",
                        "protocol",
                        "n",
                        "accuracy",
                        "95 % interval",
                        "macro F1",
                        "chance",
                        "majority",
                        "over majority"));
        for (Accuracy accuracy : latest()) {
            double majority = majority(accuracy);
            lines.add(String.format(
                    Locale.ROOT,
                    "%-12s %-10s %,6d %7.1f %% %7.1f to %4.1f %% %9.3f %6.1f %% %7.1f %% %+8.1f points",
                    accuracy.getBenchmark(),
                    accuracy.getProtocol(),
                    accuracy.getSamples(),
                    100 * accuracy.getAccuracy(),
                    100 * accuracy.getLow95(),
                    100 * accuracy.getHigh95(),
                    accuracy.getMacroF1(),
                    100.0 / Math.max(1, accuracy.getPerClass().size()),
                    100 * majority,
                    100 * (accuracy.getAccuracy() - majority)));
        }
        for (Accuracy accuracy : latest()) {
            ranking(accuracy).ifPresent(lines::add);
        }
        for (Accuracy accuracy : latest()) {
            if (accuracy.getBenchmark().equals("simulated")) {
                double points = 100 * (accuracy.getAccuracy() - majority(accuracy));
                lines.add(String.format(
                        Locale.ROOT,
                        "the student %s on %s photos it never saw (%s): %+.1f points over always saying the most frequent class, %.0f asked",
                        points >= CLEARLY ? "has learned" : "has NOT clearly learned",
                        "simulated",
                        accuracy.getProtocol(),
                        points,
                        CLEARLY));
            }
        }
        lines.add("");
        return lines;
    }

    /** The last accuracy of each benchmark and protocol. */
    private List<Accuracy> latest() {
        Map<String, Accuracy> latest = new TreeMap<>();
        ledger.accuracies().forEach(a -> latest.put(a.getBenchmark() + " " + a.getProtocol() + " " + a.getFold(), a));
        return List.copyOf(latest.values());
    }

    /** How well positives rank above negatives; empty where one of the two is absent. */
    static Optional<String> ranking(Accuracy accuracy) {
        Double low = accuracy.getRocAucLow95();
        Double high = accuracy.getRocAucHigh95();
        Double precision = accuracy.getAveragePrecision();
        Double balanced = accuracy.getBalancedAccuracy();
        if (accuracy.getRocAuc() == null || low == null || high == null || precision == null || balanced == null) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "%-12s %-10s ROC AUC of positive against negative %.3f (95 %% interval %.3f to %.3f, chance 0.500), average precision %.3f, balanced accuracy %.1f %%",
                accuracy.getBenchmark(),
                accuracy.getProtocol(),
                accuracy.getRocAuc(),
                low,
                high,
                precision,
                100 * balanced));
    }

    /** Share of the most frequent class. */
    static double majority(Accuracy accuracy) {
        long most = accuracy.getPerClass().stream()
                .mapToLong(ClassAccuracy::getSamples)
                .max()
                .orElse(0);
        return most / (double) Math.max(1, accuracy.getSamples());
    }

    private static Map<String, Object> figures(Accuracy accuracy) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("benchmark", accuracy.getBenchmark());
        figures.put("protocol", accuracy.getProtocol());
        figures.put("samples", accuracy.getSamples());
        figures.put("accuracy", accuracy.getAccuracy());
        figures.put("macroF1", accuracy.getMacroF1());
        return figures;
    }

    private Map<String, Map<String, Long>> datasets() {
        Map<String, Map<String, Long>> datasets = new TreeMap<>();
        for (Shard shard : ledger.shards()) {
            Map<String, Long> classes = datasets.computeIfAbsent(shard.getDataset(), name -> {
                Map<String, Long> none = new LinkedHashMap<>();
                none.put("negative", 0L);
                none.put("neutral", 0L);
                none.put("positive", 0L);
                return none;
            });
            PerClass more = shard.getPerClass();
            classes.merge("negative", more.getNegative(), Long::sum);
            classes.merge("neutral", more.getNeutral(), Long::sum);
            classes.merge("positive", more.getPositive(), Long::sum);
        }
        return datasets;
    }

    private long sum(java.util.function.ToLongFunction<Cursor> count) {
        return ledger.cursors().values().stream().mapToLong(count).sum();
    }
}
