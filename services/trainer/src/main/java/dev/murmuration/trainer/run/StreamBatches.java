package dev.murmuration.trainer.run;

import dev.murmuration.trainer.run.Seeds.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The batches of a new shard: each fresh sample once, mixed with samples drawn from the reservoir and the shard, in random order. */
final class StreamBatches implements BatchSchedule {

    private final List<List<Item>> batches = new ArrayList<>();

    /**
     * Plans the batches. All are full: more samples are drawn until the last one is.
     *
     * @param seed of the run
     * @param offset of the shard's record
     * @param kept samples in the reservoir, which come first
     * @param fresh samples in the shard, which follow
     * @param replay minimum number of repeated samples per fresh one
     * @param batch samples of a batch
     * @param mirror whether half of them are mirrored
     */
    StreamBatches(long seed, long offset, int kept, int fresh, double replay, int batch, boolean mirror) {
        if (fresh == 0) {
            return;
        }
        SplittableRandom random = Seeds.of(seed, Purpose.ROUND, offset, 0);
        int wanted = (int) Math.ceil(fresh * (1 + replay));
        int total = Math.ceilDiv(wanted, batch) * batch;
        int[] order = new int[total];
        for (int i = 0; i < total; i++) {
            order[i] = i < fresh ? kept + i : random.nextInt(kept + fresh);
        }
        shuffle(order, random);
        for (int from = 0; from < total; from += batch) {
            List<Item> items = new ArrayList<>(batch);
            for (int i = from; i < from + batch; i++) {
                items.add(new Item(order[i], mirror && random.nextBoolean()));
            }
            batches.add(items);
        }
    }

    static void shuffle(int[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int value = values[i];
            values[i] = values[other];
            values[other] = value;
        }
    }

    @Override
    public long batches() {
        return batches.size();
    }

    @Override
    public List<Item> batch(long index) {
        return batches.get((int) index);
    }
}
