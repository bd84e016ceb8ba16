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
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A {@link PipelineStatus} for people, on a terminal of 80 columns. */
public final class StatusScreen {

    static final int WIDTH = 80;

    /** Shorter than this a position stands between two polls. */
    private static final Duration STANDS = Duration.ofSeconds(10);

    private StatusScreen() {}

    /** As lines of at most 80 characters. */
    public static List<String> lines(PipelineStatus view) {
        List<String> lines = new ArrayList<>();
        lines.add("%s  Kafka at %s".formatted(view.at().truncatedTo(ChronoUnit.SECONDS), view.broker()));
        lines.add("%-10s %-17s %11s %8s %11s %13s"
                .formatted("stage", "topic", "position", "rate/s", "lag records", "lag"));
        view.rows().forEach(row -> lines.addAll(lines(row)));
        String of = view.complete() ? "" : " (of the last ones)";
        view.rejections()
                .forEach((stage, reasons) ->
                        lines.addAll(wrapped("rejected by %s%s: ".formatted(stage, of), byCount(reasons))));
        byDataset(view.shards()).forEach((dataset, splits) -> lines.add(shards(dataset + of, splits)));
        if (!view.deadLetters().isEmpty()) {
            lines.addAll(wrapped(
                    "dead letters%s: ".formatted(of),
                    view.deadLetters().entrySet().stream()
                            .map(letters -> "%,d of %s".formatted(letters.getValue(), letters.getKey()))));
        }
        if (view.undecodable() > 0) {
            lines.add("undecodable events: %,d".formatted(view.undecodable()));
        }
        view.checkpoint().ifPresent(checkpoint -> lines.addAll(lines(checkpoint, view.at())));
        view.accuracies().forEach(accuracy -> lines.add(line(accuracy)));
        return lines;
    }

    private static List<String> lines(StageStatus row) {
        boolean reads = !row.group().isEmpty();
        String line = String.format(
                        Locale.ROOT,
                        "%-10s %-17s %,11d %,8.1f %11s %13s",
                        row.stage(),
                        (reads ? "< " : "> ") + row.topic(),
                        row.position(),
                        row.rate(),
                        reads ? String.format(Locale.ROOT, "%,d", row.waiting()) : "",
                        reads ? time(row.age()) : "")
                .stripTrailing();
        return row.standing().compareTo(STANDS) < 0
                ? List.of(line)
                : List.of(line, "%-10s has not moved for %s".formatted("", time(row.standing())));
    }

    private static List<String> lines(Checkpoint checkpoint, Instant now) {
        Stream<String> figures = Stream.of(
                String.format(Locale.ROOT, "step %,d", checkpoint.getStep()),
                String.format(Locale.ROOT, "%,d samples", checkpoint.getSamplesSeen()),
                String.format(Locale.ROOT, "loss %.4f", checkpoint.getTrainLoss()),
                checkpoint.getValidation() == null
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "validation loss %.4f",
                                checkpoint.getValidation().getLoss()),
                time(Duration.between(checkpoint.getCreatedAt(), now)) + " ago");
        return wrapped(
                "checkpoint of %s: ".formatted(checkpoint.getRun()), figures.filter(figure -> !figure.isEmpty()));
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

    private static Map<String, Map<String, EventTally.Shards>> byDataset(Map<String, EventTally.Shards> shards) {
        Map<String, Map<String, EventTally.Shards>> sets = new TreeMap<>();
        shards.forEach(
                (name, each) -> sets.computeIfAbsent(name.substring(0, name.indexOf('/')), dataset -> new TreeMap<>())
                        .put(name.substring(name.indexOf('/') + 1), each));
        return sets;
    }

    /** All of a data set, then the samples of each split. */
    private static String shards(String dataset, Map<String, EventTally.Shards> splits) {
        return "shards %s: %,d with %,d samples (%s)"
                .formatted(
                        dataset,
                        splits.values().stream()
                                .mapToLong(EventTally.Shards::count)
                                .sum(),
                        splits.values().stream()
                                .mapToLong(EventTally.Shards::samples)
                                .sum(),
                        splits.entrySet().stream()
                                .map(split -> "%s %,d"
                                        .formatted(
                                                split.getKey(), split.getValue().samples()))
                                .collect(Collectors.joining(", ")));
    }

    private static Stream<String> byCount(Map<String, Long> reasons) {
        return reasons.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .map(reason -> String.format(Locale.ROOT, "%,d %s", reason.getValue(), reason.getKey()));
    }

    /** Joins parts by commas; a part that does not fit starts a line, indented. */
    private static List<String> wrapped(String head, Stream<String> parts) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(head);
        boolean isFirst = true;
        for (String part : parts.toList()) {
            if (!isFirst) {
                line.append(',');
                if (line.length() + part.length() + 2 > WIDTH) {
                    lines.add(line.toString());
                    line = new StringBuilder("   ");
                }
                line.append(' ');
            }
            line.append(part);
            isFirst = false;
        }
        lines.add(line.toString());
        return lines;
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
