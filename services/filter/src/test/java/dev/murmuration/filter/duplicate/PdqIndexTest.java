package dev.murmuration.filter.duplicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PdqIndexTest {

    private static final int STORED = 20_000;

    @ParameterizedTest
    @CsvSource({
        "0, 100000",
        "15, 100000",
        "16, 100000",
        "30, 100000",
        "31, 100000",
        // Dense regions are looked for from the first on, and late.
        "0, 1000",
        "30, 1000",
        "31, 1000",
        "31, 16384"
    })
    void findsExactlyWhatBruteForceFindsAmongRandomAndClusteredHashes(int distance, int crowded) {
        Random random = new Random(distance);
        long[][] hashes = new long[STORED][];
        for (int i = 0; i < STORED; i++) {
            // Half of them near one of 100 centres, at about the distance that decides.
            hashes[i] = i < 100 || random.nextBoolean()
                    ? uniform(random)
                    : flipped(hashes[random.nextInt(100)], random.nextInt(64), random);
        }
        PdqIndex index = new PdqIndex(distance, crowded);
        for (int i = 0; i < STORED; i++) {
            index.add(hashes[i], i);
        }

        int matches = 0;
        for (int query = 0; query < 500; query++) {
            long[] hash = flipped(hashes[random.nextInt(STORED)], random.nextInt(48), random);
            Set<Integer> found = found(index, hash);
            assertThat(found).isEqualTo(bruteForce(hashes, hash, distance));
            matches += found.size();
        }
        assertThat(matches).isPositive();
    }

    /** The worst case: 31 differing bits spread so that every chunk but one has more than its radius. */
    @Test
    void findsTheFarthestNearHashHoweverItsBitsAreSpread() {
        Random random = new Random(7);
        long[] stored = uniform(random);
        PdqIndex index = new PdqIndex(31);
        index.add(stored, 5);
        for (int round = 0; round < 20_000; round++) {
            long[] query = stored.clone();
            int start = random.nextInt(256);
            int step = 1 + 2 * random.nextInt(128);
            for (int i = 0; i < 31; i++) {
                int bit = (start + i * step) % 256;
                query[bit / 64] ^= 1L << bit;
            }
            assertThat(found(index, query)).containsExactly(5);
        }
    }

    /** Only one chunk leads to the stored hash, and in that and the two after it as many bits differ as may. */
    @ParameterizedTest
    @CsvSource({"1, 2, 2", "0, 3, 2", "0, 2, 3"})
    void findsTheFarthestNearHashToWhichOneChunkLeads(int first, int second, int third) {
        Random random = new Random(11);
        long[] stored = uniform(random);
        PdqIndex index = new PdqIndex(31);
        index.add(stored, 5);
        for (int round = 0; round < 1_600; round++) {
            long[] query = stored.clone();
            for (int i = 0; i < 16; i++) {
                int chunk = (round + i) % 16;
                int bits = i == 0 ? first : i == 1 ? second : i == 2 ? third : 2;
                random.ints(0, 16).distinct().limit(bits).forEach(bit -> query[chunk / 4] ^= 1L << (16 * chunk + bit));
            }
            assertThat(found(index, query)).containsExactly(5);
        }
    }

    @Test
    void findsNothingInAnEmptyIndex() {
        assertThat(found(new PdqIndex(31), new long[4])).isEmpty();
    }

    @Test
    void refusesADistanceForWhichItIsNotExact() {
        assertThatThrownBy(() -> new PdqIndex(32)).hasMessageContaining("32");
    }

    private static Set<Integer> found(PdqIndex index, long[] hash) {
        Set<Integer> found = new TreeSet<>();
        index.near(hash, (owner, distance) -> {
            found.add(owner);
            return false;
        });
        return found;
    }

    private static Set<Integer> bruteForce(long[][] hashes, long[] hash, int distance) {
        Set<Integer> found = new TreeSet<>();
        for (int i = 0; i < hashes.length; i++) {
            int bits = 0;
            for (int word = 0; word < 4; word++) {
                bits += Long.bitCount(hashes[i][word] ^ hash[word]);
            }
            if (bits <= distance) {
                found.add(i);
            }
        }
        return found;
    }

    private static long[] uniform(Random random) {
        return new long[] {random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()};
    }

    private static long[] flipped(long[] hash, int bits, Random random) {
        long[] other = hash.clone();
        for (int i = 0; i < bits; i++) {
            int bit = random.nextInt(256);
            other[bit / 64] ^= 1L << bit;
        }
        return other;
    }
}
