package dev.murmuration.trainer.run;

import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.run.Seeds.Purpose;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** A fair sample of all that was seen, of bounded size, to be seen again: every sample of the stream is in it with the same probability (Vitter 1985, algorithm R). */
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

    /** Offers a shard's samples, in their order. The same ones stay for the same seed and offset. */
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

    /** What it holds, in a fixed order. */
    List<Sample> samples() {
        return Collections.unmodifiableList(samples);
    }

    /** How many samples it was ever offered. */
    long offered() {
        return offered;
    }
}
