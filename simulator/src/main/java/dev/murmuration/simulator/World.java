package dev.murmuration.simulator;

import java.util.List;
import java.util.SplittableRandom;

/**
 * What the simulator's seed unfolds into. Everything is a pure function of the seed, a space and a number, so that any position
 * can be drawn without those before.
 *
 * @param seed everything follows from it
 * @param photoSide pixels of a photo's longer side
 * @param agreement how often a text has the mood of its scene; else it has another one
 * @param noise share of deliveries that are not plain posts with photos
 * @param mix shares of negative, neutral and positive scenes; they need not add up to 1
 */
public record World(long seed, int photoSide, double agreement, double noise, List<Double> mix) {

    /** Spaces never share a scene: the benchmark's photos are none of the stream's. */
    enum Space {
        DELIVERIES(0),
        SCENES(1),
        TEXTS(2),
        BENCHMARK(3);

        private static final int COUNT = 4;

        private final int number;

        Space(int number) {
            this.number = number;
        }
    }

    /** Copies the list. */
    public World {
        mix = List.copyOf(mix);
    }

    /** The class of a benchmark photo: 0 negative, 1 neutral, 2 positive. */
    public int benchmarkLabel(long number) {
        return mood(Space.BENCHMARK, number).label;
    }

    SplittableRandom random(Space space, long n) {
        return new SplittableRandom(mixed(mixed(seed) + Space.COUNT * n + space.number));
    }

    /** The truth about scene n of a space: what its photos show. */
    Mood mood(Space space, long n) {
        double all = mix.stream().mapToDouble(Double::doubleValue).sum();
        double at = random(space, n).nextDouble() * all;
        for (Mood mood : Mood.values()) {
            at -= mix.get(mood.label);
            if (at < 0) {
                return mood;
            }
        }
        return Mood.POSITIVE;
    }

    // Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014: neighbours get unrelated
    // seeds.
    private static long mixed(long z) {
        long a = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ a >>> 27) * 0x94d049bb133111ebL;
        return b ^ b >>> 31;
    }
}
