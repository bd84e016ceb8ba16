package dev.murmuration.console.dataset;

import dev.murmuration.console.topic.EventListener;
import dev.murmuration.console.topic.Position;
import dev.murmuration.schemas.Shard;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Data sets by the events of their shards. Safe for use by several threads. */
public final class DataSets implements EventListener<Shard> {

    /** Shards of one data set whose places are remembered, the newest ones; sums are of all. */
    public static final int MAX_SHARDS = 20_000;

    /** Data sets that are told apart. */
    public static final int MAX_DATASETS = 100;

    private static final int MAX_POINTS = 1000;

    /**
     * Samples at one moment.
     *
     * @param epochSecond when the shard's event was written
     * @param samples of each class, all splits
     */
    public record Point(long epochSecond, ClassCounts samples) {}

    /**
     * A shard and where its event is.
     *
     * @param shard the event
     * @param position of the event on its topic
     */
    public record Placed(Shard shard, Position position) {}

    /**
     * A data set at one moment.
     *
     * @param name its name
     * @param version offset after its last event, as {@code ./murmuration datasets} counts
     * @param shards how many
     * @param bytes in them
     * @param samples of each class
     * @param splits the same by split
     * @param teacher who labelled its newest shard
     * @param thresholds by which that was taken: negative, neutral, positive
     * @param changedAt when its last event was written
     * @param overTime sums after each shard, thinned out
     */
    public record DataSet(
            String name,
            long version,
            long shards,
            long bytes,
            ClassCounts samples,
            Map<String, ClassCounts> splits,
            String teacher,
            List<Double> thresholds,
            Instant changedAt,
            List<Point> overTime) {}

    private static final class Sums {
        private final LinkedHashMap<String, Placed> shards = new LinkedHashMap<>();
        private final Map<String, ClassCounts> splits = new TreeMap<>();
        private final List<Point> points = new ArrayList<>();
        private ClassCounts samples = ClassCounts.NONE;
        private long count;
        private long bytes;
        private @Nullable Placed last;
        private long step = 1;
        private long seen;

        void add(Shard shard, int sign) {
            ClassCounts counts = ClassCounts.of(shard.getPerClass());
            samples = samples.plus(counts, sign);
            splits.merge(
                    shard.getSplit().name(), ClassCounts.NONE.plus(counts, sign), (some, more) -> some.plus(more, 1));
            count += sign;
            bytes += sign * shard.getBytes();
        }

        /** Every n-th; when there are too many, every other one goes and n doubles. */
        void note(Position position) {
            if (seen++ % step == 0) {
                points.add(new Point(position.at().getEpochSecond(), samples));
            }
            if (points.size() > MAX_POINTS) {
                for (int i = points.size() - 1; i > 0; i -= 2) {
                    points.remove(i);
                }
                step *= 2;
            }
        }
    }

    private final Map<String, Sums> datasets = new TreeMap<>();

    @Override
    public void event(Shard shard, Position position) {
        event(shard, position, Optional.empty());
    }

    /**
     * A shard's event.
     *
     * @param replaced key of the shard whose place it takes
     */
    public synchronized void event(Shard shard, Position position, Optional<String> replaced) {
        if (!datasets.containsKey(shard.getDataset()) && datasets.size() >= MAX_DATASETS) {
            return;
        }
        Sums sums = datasets.computeIfAbsent(shard.getDataset(), name -> new Sums());
        replaced.map(sums.shards::remove).ifPresent(gone -> sums.add(gone.shard(), -1));
        Placed placed = new Placed(shard, position);
        sums.add(shard, 1);
        sums.last = placed;
        sums.shards.put(shard.getKey(), placed);
        if (sums.shards.size() > MAX_SHARDS) {
            sums.shards.pollFirstEntry();
        }
        sums.note(position);
    }

    /** All of them, by name. */
    public synchronized List<DataSet> all() {
        List<DataSet> all = new ArrayList<>();
        datasets.forEach((name, sums) -> {
            Placed last = sums.last;
            if (last != null) {
                Shard shard = last.shard();
                List<Point> points = new ArrayList<>(sums.points);
                points.add(new Point(last.position().at().getEpochSecond(), sums.samples));
                all.add(new DataSet(
                        name,
                        last.position().offset() + 1,
                        sums.count,
                        sums.bytes,
                        sums.samples,
                        new TreeMap<>(sums.splits),
                        shard.getTeacher().getName(),
                        List.of(
                                shard.getThresholds().getNegative(),
                                shard.getThresholds().getNeutral(),
                                shard.getThresholds().getPositive()),
                        last.position().at(),
                        points));
            }
        });
        return all;
    }

    /** The shard of this key, if it is remembered. */
    public synchronized Optional<Placed> shard(String key) {
        return datasets.values().stream()
                .map(sums -> sums.shards.get(key))
                .filter(placed -> placed != null)
                .findFirst();
    }

    /** The shards that hold what stands at this offset of {@code labelled-images}, of these data sets and this split. */
    public synchronized List<Placed> holding(int partition, long offset, List<String> names, String split) {
        return names.stream()
                .map(datasets::get)
                .filter(sums -> sums != null)
                .flatMap(sums -> sums.shards.values().stream())
                .filter(placed -> placed.shard().getSourcePartition() == partition
                        && placed.shard().getSplit().name().equals(split)
                        && placed.shard().getFirstOffset() <= offset
                        && offset <= placed.shard().getLastOffset())
                .toList();
    }
}
