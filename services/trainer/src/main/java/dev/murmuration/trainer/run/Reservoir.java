package dev.murmuration.trainer.run;

import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.run.Seeds.Purpose;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A uniform sample of the stream, of bounded size, to be seen again: each sample is in it with the same probability (Vitter 1985,
 * algorithm R).
 */
final class Reservoir {

    private final int capacity;
    private final List<Sample> samples = new ArrayList<>();
    private long offered;

    /** Empty. */
    Reservoir(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a reservoir for %d samples".formatted(capacity));
        }
        this.capacity = capacity;
    }

    /** As it was when a checkpoint was taken. */
    Reservoir(int capacity, List<Sample> samples, long offered) {
        this(capacity);
        this.samples.addAll(samples);
        this.offered = offered;
    }

    /** Offers a shard's samples, in their order. The same seed and offset keep the same ones. */
    void offer(List<Sample> fresh, long seed, long offset) {
        SplittableRandom random = Seeds.of(seed, Purpose.RESERVOIR, offset, 0);
        for (Sample sample : fresh) {
            offered++;
            if (samples.size() < capacity) {
                samples.add(sample);
            } else {
                long place = random.nextLong(offered);
                if (place < capacity) {
                    samples.set((int) place, sample);
                }
            }
        }
    }

    /** Its samples, in a fixed order. */
    List<Sample> samples() {
        return Collections.unmodifiableList(samples);
    }

    /** Number of samples offered so far. */
    long offered() {
        return offered;
    }
}
