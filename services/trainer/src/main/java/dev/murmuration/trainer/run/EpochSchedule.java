package dev.murmuration.trainer.run;

import dev.murmuration.student.network.Architecture;
import dev.murmuration.trainer.data.DatasetShard;
import dev.murmuration.trainer.run.Seeds.Purpose;
import java.util.ArrayList;
import java.util.List;

/**
 * The order in which epochs visit a data set: the shards in another order in each epoch, a few at a time, as many as fit into
 * memory together. Known beforehand from the number of samples of each shard, so that a run can resume in the middle.
 */
public final class EpochSchedule {

    private EpochSchedule() {}

    /**
     * Shards whose samples are shuffled together.
     *
     * @param epoch from 0
     * @param shards at least one
     */
    public record Window(int epoch, List<DatasetShard> shards) {}

    /**
     * All windows of all epochs, in order.
     *
     * @param dataset its shards
     * @param epochs number of epochs
     * @param samples maximum of a window, unless a single shard has more
     */
    public static List<Window> of(List<DatasetShard> dataset, int epochs, long seed, long samples) {
        List<Window> windows = new ArrayList<>();
        for (int epoch = 0; epoch < epochs; epoch++) {
            int[] order = new int[dataset.size()];
            for (int i = 0; i < order.length; i++) {
                order[i] = i;
            }
            StreamBatches.shuffle(order, Seeds.of(seed, Purpose.SHARDS, epoch, 0));
            List<DatasetShard> window = new ArrayList<>();
            long inside = 0;
            for (int index : order) {
                DatasetShard shard = dataset.get(index);
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
    public static long[] perClass(List<DatasetShard> dataset) {
        long[] counts = new long[Architecture.CLASSES];
        for (DatasetShard shard : dataset) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] += shard.perClass().get(i);
            }
        }
        return counts;
    }

    /** Samples in a data set. */
    public static long samples(List<DatasetShard> dataset) {
        return dataset.stream().mapToLong(DatasetShard::samples).sum();
    }
}
