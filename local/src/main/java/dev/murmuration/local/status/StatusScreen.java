package dev.murmuration.local.status;

import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A {@link PipelineStatus} for people. */
public final class StatusScreen {

    private StatusScreen() {}

    /** As lines of at most some hundred characters. */
    public static List<String> lines(PipelineStatus view) {
        List<String> lines = new ArrayList<>();
        lines.add("%s  Kafka at %s".formatted(view.at().truncatedTo(ChronoUnit.SECONDS), view.broker()));
        lines.add("");
        lines.add("%-10s %-16s %12s %10s %12s %10s  %s"
                .formatted("stage", "topic", "position", "rate/s", "lag records", "lag", ""));
        view.rows().forEach(row -> lines.add(line(row)));
        lines.add("");
        String of = view.complete() ? "" : " (of the last ones)";
        view.rejections()
                .forEach(
                        (stage, reasons) -> lines.add("rejected by %-10s%s %s".formatted(stage, of, byCount(reasons))));
        view.shards()
                .forEach((name, shards) -> lines.add(
                        "shards %-16s%s %,d with %,d samples".formatted(name, of, shards.count(), shards.samples())));
        view.deadLetters()
                .forEach((service, count) -> lines.add("dead letters of %-10s up to %,d".formatted(service, count)));
        if (view.undecodable() > 0) {
            lines.add("undecodable events %,d".formatted(view.undecodable()));
        }
        view.checkpoint().ifPresent(checkpoint -> lines.add(line(checkpoint, view.at())));
        view.accuracies().forEach(accuracy -> lines.add(line(accuracy)));
        return lines;
    }

    private static String line(StageStatus row) {
        return String.format(
                        Locale.ROOT,
                        "%-10s %-16s %,12d %,10.1f %12s %10s  %s",
                        row.stage(),
                        row.group().isEmpty() ? "> " + row.topic() : "< " + row.topic(),
                        row.position(),
                        row.rate(),
                        row.group().isEmpty() ? "" : String.format(Locale.ROOT, "%,d", row.waiting()),
                        row.group().isEmpty() ? "" : time(row.age()),
                        row.standing().isZero() ? "" : "has not moved for " + time(row.standing()))
                .stripTrailing();
    }

    private static String line(Checkpoint checkpoint, Instant now) {
        return String.format(
                Locale.ROOT,
                "student %s: step %,d, %,d samples, loss %.4f%s, %s ago",
                checkpoint.getRun(),
                checkpoint.getStep(),
                checkpoint.getSamplesSeen(),
                checkpoint.getTrainLoss(),
                checkpoint.getValidation() == null
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", validation loss %.4f",
                                checkpoint.getValidation().getLoss()),
                time(Duration.between(checkpoint.getCreatedAt(), now)));
    }

    private static String line(Accuracy accuracy) {
        return String.format(
                Locale.ROOT,
                "accuracy %s %s: %.1f %% (%.1f to %.1f) of %,d at step %,d",
                accuracy.getBenchmark(),
                accuracy.getProtocol(),
                100 * accuracy.getAccuracy(),
                100 * accuracy.getLow95(),
                100 * accuracy.getHigh95(),
                accuracy.getSamples(),
                accuracy.getCheckpoint().getStep());
    }

    private static String byCount(Map<String, Long> reasons) {
        return reasons.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .map(reason -> String.format(Locale.ROOT, "%,d %s", reason.getValue(), reason.getKey()))
                .collect(Collectors.joining(", "));
    }

    /** In the two largest units that say something. */
    static String time(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return "%d min %02d s".formatted(seconds / 60, seconds % 60);
        }
        if (seconds < 86_400) {
            return "%d h %02d min".formatted(seconds / 3600, seconds % 3600 / 60);
        }
        return "%d d %02d h".formatted(seconds / 86_400, seconds % 86_400 / 3600);
    }
}
