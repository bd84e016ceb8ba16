package dev.murmuration.trainer.run;

import dev.murmuration.trainer.run.Seeds.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The batches that use up the budget after the feed has ended: the reservoir repeatedly, each time in another order. */
final class FinalBatches implements BatchSchedule {

    private final long seed;
    private final long offset;
    private final int kept;
    private final int batch;
    private final long batches;
    private final boolean mirror;
    private int @Nullable [] order;
    private long orderOf = -1;

    /**
     * Plans the batches.
     *
     * @param seed of the run
     * @param offset of the last end-of-feed marker
     * @param kept samples in the reservoir
     * @param samples minimum number of samples to see
     * @param batch samples of a batch
     * @param mirror whether half of them are mirrored
     */
    FinalBatches(long seed, long offset, int kept, long samples, int batch, boolean mirror) {
        this.seed = seed;
        this.offset = offset;
        this.kept = kept;
        this.batch = batch;
        this.batches = kept == 0 ? 0 : Math.ceilDiv(samples, batch);
        this.mirror = mirror;
    }

    @Override
    public long batches() {
        return batches;
    }

    @Override
    public List<Item> batch(long index) {
        SplittableRandom random = Seeds.of(seed, Purpose.MIRROR, offset, index);
        List<Item> items = new ArrayList<>(batch);
        for (long place = index * batch; place < (index + 1) * batch; place++) {
            items.add(new Item(order(place / kept)[(int) (place % kept)], mirror && random.nextBoolean()));
        }
        return items;
    }

    private int[] order(long pass) {
        int[] known = order;
        if (known == null || orderOf != pass) {
            known = new int[kept];
            for (int i = 0; i < kept; i++) {
                known[i] = i;
            }
            StreamBatches.shuffle(known, Seeds.of(seed, Purpose.FINISH, offset, pass));
            order = known;
            orderOf = pass;
        }
        return known;
    }
}
