package dev.murmuration.trainer.run;

import dev.murmuration.student.Architecture;
import dev.murmuration.trainer.data.PassedShard;
import dev.murmuration.trainer.run.Seeds.Purpose;
import java.util.ArrayList;
import java.util.List;

/**
 * The order in which a data set is passed over: in each epoch the shards in another order, a few at a time, as many as fit into memory together. Known beforehand
 * from how many samples each has, so that a run can go on in the middle.
 */
public final class Passes {

    private Passes() {}

    /**
     * Shards whose samples are shuffled together.
     *
     * @param epoch from 0
     * @param shards at least one
     */
    public record Window(int epoch, List<PassedShard> shards) {}

    /**
     * All windows of all epochs, in order.
     *
     * @param dataset its shards
     * @param epochs how many times
     * @param samples of a window at most, unless one shard alone has more
     */
    public static List<Window> of(List<PassedShard> dataset, int epochs, long seed, long samples) {
        List<Window> windows = new ArrayList<>();
        for (int epoch = 0; epoch < epochs; epoch++) {
            int[] order = new int[dataset.size()];
            for (int i = 0; i < order.length; i++) {
                order[i] = i;
            }
            Round.shuffle(order, Seeds.of(seed, Purpose.SHARDS, epoch, 0));
            List<PassedShard> window = new ArrayList<>();
            long inside = 0;
            for (int index : order) {
                PassedShard shard = dataset.get(index);
                if (!window.isEmpty() && inside + shard.samples() > samples) {
                    windows.add(new Window(epoch, List.copyOf(window)));
                    window.clear();
                    inside = 0;
                }
                window.add(shard);
                inside += shard.samples();
            }
            if (!window.isEmpty()) {
                windows.add(new Window(epoch, List.copyOf(window)));
            }
        }
        return windows;
    }

    /** Samples of each class in a data set. */
    public static long[] perClass(List<PassedShard> dataset) {
        long[] counts = new long[Architecture.CLASSES];
        for (PassedShard shard : dataset) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] += shard.perClass().get(i);
            }
        }
        return counts;
    }

    /** Samples in a data set. */
    public static long samples(List<PassedShard> dataset) {
        return dataset.stream().mapToLong(PassedShard::samples).sum();
    }
}
