package dev.murmuration.filter.duplicate;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The near-duplicate index alone, on one thread, against a million kept photos; beside it the comparison with each of them. */
public final class IndexBench {

    private static final int KEPT = 1_000_000;
    private static final int WARM_UP = 20_000;
    private static final int QUERIES = 100_000;
    private static final int BRUTE = 200;
    private static final double ASKED = 8_000;

    private final PrintStream out;

    public IndexBench(PrintStream out) {
        this.out = out;
    }

    /**
     * Where hashes lie: each kind draws what is kept, and queries of which one in five is near something kept, as in the published crawl.
     */
    private enum Kind {
        UNIFORM,
        /** A thousand centres, every hash 20 to 60 bits from one: photos that look alike without being the same. */
        CLUSTERED
    }

    public void run() {
        out.printf(Locale.ROOT, "near duplicates, %,d kept, one thread%n", KEPT);
        out.printf(
                "%-10s %14s %14s %8s %10s %10s %10s%n",
                "hashes", "queries/s", "brute force/s", "ratio", "repeats", "heap MiB", "built in s");
        for (Kind kind : Kind.values()) {
            measure(kind);
        }
        out.println();
        out.println("fewer kept, uniform: queries/s");
        for (int stored : new int[] {1 << 12, 1 << 14, 1 << 16, 1 << 18}) {
            out.printf(Locale.ROOT, "%,10d %,14.0f%n", stored, among(stored));
        }
    }

    private void measure(Kind kind) {
        // Not java.util.Random: its low bits repeat so soon that among a million hashes many would lie near each other.
        RandomGenerator random = new SplittableRandom(KEPT);
        long[][] centres = new long[1000][];
        for (int i = 0; i < centres.length; i++) {
            centres[i] = uniform(random);
        }
        long before = heap();
        NearDuplicates index = new NearDuplicates(31, 50);
        long[] pdqs = new long[4 * KEPT];
        long building = 0;
        for (int i = 0; i < KEPT; i++) {
            long[] pdq = drawn(kind, centres, random);
            System.arraycopy(pdq, 0, pdqs, 4 * i, 4);
            PhotoHash hash = new PhotoHash(uniform(random), pdq, 100);
            String id = "1516000000000" + i + "/0";
            long start = cpu();
            index.add(hash, id, 1);
            building += cpu() - start;
        }
        long used = heap() - before - pdqs.length * (long) Long.BYTES;

        PhotoHash[] queries = new PhotoHash[QUERIES];
        for (int i = 0; i < QUERIES; i++) {
            long[] pdq = drawn(kind, centres, random);
            if (i % 5 == 0) {
                int of = random.nextInt(KEPT);
                pdq = flipped(
                        new long[] {pdqs[4 * of], pdqs[4 * of + 1], pdqs[4 * of + 2], pdqs[4 * of + 3]},
                        random.nextInt(32),
                        random);
            }
            queries[i] = new PhotoHash(uniform(random), pdq, 100);
        }
        for (int i = 0; i < WARM_UP; i++) {
            index.find(queries[i], 1);
        }
        int repeats = 0;
        long start = cpu();
        for (PhotoHash query : queries) {
            if (index.find(query, 1).sets() != 0) {
                repeats++;
            }
        }
        double rate = QUERIES / ((cpu() - start) / 1e9);

        long found = 0;
        for (int i = 0; i < 20; i++) {
            found += brute(pdqs, queries[i].pdq());
        }
        long bruteStart = cpu();
        for (int i = 0; i < BRUTE; i++) {
            found += brute(pdqs, queries[i].pdq());
        }
        double bruteRate = BRUTE / ((cpu() - bruteStart) / 1e9);
        if (found < 0 || repeats < QUERIES / 5) {
            throw new IllegalStateException("%d repeats found, %d made".formatted(repeats, QUERIES / 5));
        }
        out.printf(
                Locale.ROOT,
                "%-10s %,14.0f %,14.0f %7.0fx %,10d %,10d %10.1f   %s%n",
                kind.name().toLowerCase(Locale.ROOT),
                rate,
                bruteRate,
                rate / bruteRate,
                repeats,
                used >> 20,
                building / 1e9,
                rate >= ASKED ? "at least 8,000" : "BELOW 8,000");
    }

    private static double among(int stored) {
        RandomGenerator random = new SplittableRandom(stored);
        PdqIndex index = new PdqIndex(31);
        for (int i = 0; i < stored; i++) {
            index.add(uniform(random), i);
        }
        long[] seen = {0};
        double rate = 0;
        for (int round = 0; round < 2; round++) {
            long start = cpu();
            for (int i = 0; i < 20_000; i++) {
                index.near(uniform(random), (owner, distance) -> {
                    seen[0]++;
                    return false;
                });
            }
            rate = 20_000 / ((cpu() - start) / 1e9);
        }
        return rate;
    }

    private static long brute(long[] pdqs, long[] query) {
        long near = 0;
        for (int at = 0; at < pdqs.length; at += 4) {
            int bits = Long.bitCount(query[0] ^ pdqs[at])
                    + Long.bitCount(query[1] ^ pdqs[at + 1])
                    + Long.bitCount(query[2] ^ pdqs[at + 2])
                    + Long.bitCount(query[3] ^ pdqs[at + 3]);
            near += bits <= 31 ? 1 : 0;
        }
        return near;
    }

    private static long[] drawn(Kind kind, long[][] centres, RandomGenerator random) {
        return switch (kind) {
            case UNIFORM -> uniform(random);
            case CLUSTERED -> flipped(centres[random.nextInt(centres.length)], 20 + random.nextInt(41), random);
        };
    }

    private static long[] uniform(RandomGenerator random) {
        return new long[] {random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()};
    }

    private static long[] flipped(long[] pdq, int bits, RandomGenerator random) {
        long[] other = pdq.clone();
        for (int flipped = 0; flipped < bits; flipped++) {
            int bit = random.nextInt(256);
            other[bit / 64] ^= 1L << bit;
        }
        return other;
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
