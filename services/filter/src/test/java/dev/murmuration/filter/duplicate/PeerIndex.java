package dev.murmuration.filter.duplicate;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Our turn beside the indexes of {@code tools/peers}: uniform hashes, of whose queries one in five is near one that is kept. */
final class PeerIndex {

    private static final int KEPT = 1_000_000;
    private static final int QUERIES = 100_000;
    private static final int ROUNDS = 4;

    private PeerIndex() {}

    /** Prints a rate per round and the number of pairs of the first 2,000 queries: {@code FOLDER}, for what FAISS reads. */
    public static void main(String... args) throws IOException {
        RandomGenerator random = new SplittableRandom(KEPT);
        List<long[]> kept = new ArrayList<>();
        PdqIndex index = new PdqIndex(PdqIndex.MAX_DISTANCE);
        for (int i = 0; i < KEPT; i++) {
            long[] hash = uniform(random);
            kept.add(hash);
            index.add(hash, i);
        }
        List<long[]> queries = new ArrayList<>();
        for (int i = 0; i < QUERIES; i++) {
            queries.add(i % 5 == 0 ? near(kept.get(random.nextInt(KEPT)), random) : uniform(random));
        }
        Path folder = Files.createDirectories(Path.of(args[0]));
        Files.write(folder.resolve("kept"), bytes(kept));
        Files.write(folder.resolve("queries"), bytes(queries));
        System.out.println("pairs " + pairs(index, queries.subList(0, 2_000)));
        pairs(index, queries);
        for (int round = 0; round < ROUNDS; round++) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            pairs(index, queries);
            double seconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e9;
            System.out.printf(Locale.ROOT, "rate %.0f%n", QUERIES / seconds);
        }
    }

    private static long pairs(PdqIndex index, List<long[]> queries) {
        long[] pairs = {0};
        for (long[] query : queries) {
            index.near(query, (owner, distance) -> {
                pairs[0]++;
                return false;
            });
        }
        return pairs[0];
    }

    private static long[] uniform(RandomGenerator random) {
        return new long[] {random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()};
    }

    private static long[] near(long[] hash, RandomGenerator random) {
        long[] flipped = hash.clone();
        for (int flips = random.nextInt(PdqIndex.MAX_DISTANCE + 1); flips > 0; flips--) {
            int bit = random.nextInt(256);
            flipped[bit / Long.SIZE] ^= 1L << bit;
        }
        return flipped;
    }

    private static byte[] bytes(List<long[]> hashes) {
        ByteBuffer bytes = ByteBuffer.allocate(32 * hashes.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (long[] hash : hashes) {
            for (long word : hash) {
                bytes.putLong(word);
            }
        }
        return bytes.array();
    }
}
