package dev.murmuration.trainer.run;

import dev.murmuration.trainer.run.Seeds.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A shard that has just arrived: each fresh sample once, among samples drawn from all that are at hand, in random order. */
final class Round implements Work {

    private final List<List<Pick>> batches = new ArrayList<>();

    /**
     * Plans a round. Full batches only: more is drawn until the last one is full.
     *
     * @param seed of the run
     * @param offset of the shard's record
     * @param kept how many samples the reservoir holds; they are the first
     * @param fresh how many samples the shard brings; they follow
     * @param replay samples seen again for each fresh one, at least
     * @param batch samples of a batch
     * @param mirror whether half of them are mirrored
     */
    Round(long seed, long offset, int kept, int fresh, double replay, int batch, boolean mirror) {
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
            List<Pick> picks = new ArrayList<>(batch);
            for (int i = from; i < from + batch; i++) {
                picks.add(new Pick(order[i], mirror && random.nextBoolean()));
            }
            batches.add(picks);
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
    public List<Pick> batch(long index) {
        return batches.get((int) index);
    }
}
