package dev.murmuration.trainer.run;

import dev.murmuration.student.pixels.BatchPixels;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.data.ShardDecoder;
import dev.murmuration.trainer.data.ShardReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ForkJoinPool;

/** Our turn beside the loaders of {@code tools/peers}: from a shard to batches of 16 squashed, normalised photos, by one thread. */
final class PeerLoader {

    private static final int BATCH = 16;

    private PeerLoader() {}

    /** Prints a rate per round: {@code SHARD RESIZE ROUNDS}. */
    public static void main(String... args) {
        Plan plan = LoaderBench.plan("vit-b-32-224", Resize.named(args[1]), false);
        double checksum = 0;
        for (int round = 0; round < Integer.parseInt(args[2]); round++) {
            long start = System.nanoTime();
            List<Batch> batches;
            try (ForkJoinPool one = new ForkJoinPool(1)) {
                batches = one.submit(() -> batches(Path.of(args[0]), plan)).join();
            }
            int photos = 0;
            for (Batch batch : batches) {
                photos += batch.size();
                // As the peers: values that a network takes, of every photo.
                checksum += switch (batch.pixels()) {
                    case BatchPixels.Bytes(List<byte[]> squashed, Pixels how) ->
                        squashed.stream()
                                .mapToDouble(photo -> how.of(photo, false)[1000])
                                .sum();
                    case BatchPixels.Values(List<float[]> images) ->
                        images.stream().mapToDouble(image -> image[1000]).sum();
                };
            }
            System.out.printf(Locale.ROOT, "rate %.1f%n", photos * 1e9 / (System.nanoTime() - start));
        }
        System.out.printf(Locale.ROOT, "checksum %.3f%n", checksum);
    }

    private static List<Batch> batches(Path shard, Plan plan) throws IOException {
        List<Sample> samples = new ShardDecoder(plan.pixels(), plan.keptSide(), 1 << 24, 1 << 20)
                .read(shard, new ShardReference("bench", "0"), i -> true, key -> false)
                .samples();
        List<Batch> batches = new ArrayList<>();
        for (int from = 0; from < samples.size(); from += BATCH) {
            List<BatchSchedule.Item> items = new ArrayList<>();
            for (int i = from; i < Math.min(samples.size(), from + BATCH); i++) {
                items.add(new BatchSchedule.Item(i, false));
            }
            batches.add(Batch.of(plan, from, items, samples, new long[] {1, 1, 1}));
        }
        return batches;
    }
}
