package dev.murmuration.cluster;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import org.apache.kafka.common.TopicPartition;

/** The lag of groups in Prometheus's text format, version 0.0.4. */
final class LagText {

    private record Gauge(String name, String help, ToDoubleBiFunction<Watch, TopicPartition> value) {}

    private static final List<Gauge> GAUGES = List.of(
            new Gauge(
                    "murmuration.group.lag.records",
                    "Records between the committed position and the end of the partition.",
                    Watch::records),
            new Gauge(
                    "murmuration.group.lag.seconds",
                    "Age of the first record that waits.",
                    (watch, partition) -> seconds(watch.age(partition))),
            new Gauge(
                    "murmuration.group.standing.seconds",
                    "Time that the committed position has not moved although something waits.",
                    (watch, partition) -> seconds(watch.standing(partition))),
            new Gauge("murmuration.group.committed.offset", "The committed position.", (watch, partition) -> {
                Reading reading = watch.readings().get(partition);
                return reading == null ? 0 : reading.committed();
            }),
            new Gauge("murmuration.group.end.offset", "The end of the partition.", (watch, partition) -> {
                Reading reading = watch.readings().get(partition);
                return reading == null ? 0 : reading.end();
            }));

    private LagText() {}

    static String of(Map<String, Watch> watches) {
        StringBuilder text = new StringBuilder();
        for (Gauge gauge : GAUGES) {
            String name = gauge.name().replace('.', '_');
            text.append("# HELP %s %s\n# TYPE %s gauge\n".formatted(name, gauge.help(), name));
            watches.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(group -> group.getValue().readings().keySet().stream()
                            .sorted(Comparator.comparing(TopicPartition::topic)
                                    .thenComparingInt(TopicPartition::partition))
                            .forEach(partition -> text.append("%s{group=\"%s\",topic=\"%s\",partition=\"%d\"} %s\n"
                                    .formatted(
                                            name,
                                            escaped(group.getKey()),
                                            partition.topic(),
                                            partition.partition(),
                                            number(gauge.value().applyAsDouble(group.getValue(), partition))))));
        }
        return text.toString();
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.3f", value);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /** A group may be called anything. */
    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
