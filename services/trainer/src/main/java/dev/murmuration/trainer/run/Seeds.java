package dev.murmuration.trainer.run;

import java.util.SplittableRandom;

/** Random numbers that depend on their purpose and on no earlier draw, so that a run can resume in the middle. */
final class Seeds {

    /** Purpose of the numbers. */
    enum Purpose {
        ROUND(1),
        RESERVOIR(2),
        FINISH(3),
        MIRROR(4),
        CROP(5),
        MIXUP(6),
        PATHS(7),
        DROPOUT(8),
        SHARDS(9);

        private final long number;

        Purpose(long number) {
            this.number = number;
        }
    }

    private Seeds() {}

    static SplittableRandom of(long seed, Purpose purpose, long first, long second) {
        return new SplittableRandom(number(seed, purpose, first, second));
    }

    /** A seed for another generator, such as libtorch's. */
    static long number(long seed, Purpose purpose, long first, long second) {
        return mix(mix(mix(seed) ^ purpose.number) ^ first) ^ second;
    }

    // The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): similar inputs give unrelated outputs.
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
