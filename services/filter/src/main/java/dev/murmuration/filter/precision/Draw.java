package dev.murmuration.filter.precision;

import dev.murmuration.filter.version.Version;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Shard;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The samples of a version that a person judges: the same number per class, every sample of a class equally likely, the same ones
 * for the same seed.
 *
 * @param places for each shard, in the order of the version, and each class: which of the class's samples there, counted from 0
 */
public record Draw(Map<Integer, Map<Sentiment, TreeSet<Long>>> places) {

    /** Draws this many samples of each class, or all where there are fewer; the same for the same seed. */
    public static Draw of(Version version, int perClass, long seed) {
        Random random = new Random(seed);
        Map<Integer, Map<Sentiment, TreeSet<Long>>> places = new TreeMap<>();
        for (Sentiment label : Sentiment.values()) {
            long all = version.shards()
                    .mapToLong(shard -> Version.of(shard.getPerClass(), label))
                    .sum();
            for (long number : numbers(all, Math.min(perClass, all), random)) {
                place(version, label, number, places);
            }
        }
        return new Draw(places);
    }

    /** Draws this many different numbers below a limit, each set equally likely (Floyd's algorithm, CACM 30(9), 1987). */
    private static TreeSet<Long> numbers(long limit, long count, Random random) {
        TreeSet<Long> numbers = new TreeSet<>();
        for (long last = limit - count; last < limit; last++) {
            long number = random.nextLong(last + 1);
            if (!numbers.add(number)) {
                numbers.add(last);
            }
        }
        return numbers;
    }

    private static void place(
            Version version, Sentiment label, long number, Map<Integer, Map<Sentiment, TreeSet<Long>>> places) {
        long left = number;
        int index = 0;
        for (Shard shard : version.shards().toList()) {
            long here = Version.of(shard.getPerClass(), label);
            if (left < here) {
                places.computeIfAbsent(index, i -> new TreeMap<>())
                        .computeIfAbsent(label, l -> new TreeSet<>())
                        .add(left);
                return;
            }
            left -= here;
            index++;
        }
        throw new IllegalStateException("%s %d of %s".formatted(label, number, version.dataset()));
    }
}
