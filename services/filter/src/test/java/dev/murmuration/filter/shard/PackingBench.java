package dev.murmuration.filter.shard;

import dev.murmuration.local.TestPlatform;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Thresholds;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Photos into shards on the real object store, beside plain puts of the same bytes. */
public final class PackingBench {

    private static final int PHOTOS = 500;
    private static final int PHOTO_BYTES = 60_000;
    private static final int SHARDS = 2;
    private static final int ROUNDS = 3;
    private static final double ASKED = 0.7;

    private final PrintStream out;
    private final ObjectStore store;
    private final EventWriter writer;

    /** Prints to here. */
    public PackingBench(PrintStream out) {
        this.out = out;
        PlatformSettings platform = TestPlatform.settings();
        this.store = new ObjectStore(new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(StoreSettings.class)
                .withSources(new PropertiesConfigSource(platform.forServices(), "platform", 100))
                .withMappingIgnore("**")
                .build()
                .getConfigMapping(StoreSettings.class));
        this.writer = new EventWriter(RegistrySettings.apicurio(platform.registryUrl()));
    }

    /** Measures and prints. */
    public void run() throws Exception {
        double[] puts = new double[ROUNDS];
        double[] sealed = new double[ROUNDS];
        double[] packed = new double[ROUNDS];
        double[] copied = new double[ROUNDS];
        // Round -1 warms up. Each round has photos of its own, so that nothing is there already.
        for (int round = -1; round < ROUNDS; round++) {
            List<List<Sample>> shards = samples(round);
            double seal = seal(shards, round);
            double put = put(shards, round);
            double pack = pack(shards.getFirst(), round);
            double copy = copy(shards.getFirst(), round);
            if (round >= 0) {
                sealed[round] = seal;
                puts[round] = put;
                packed[round] = pack;
                copied[round] = copy;
            }
        }
        out.printf(
                Locale.ROOT,
                "%nshards of %,d photos of %,d bytes, medians of %d rounds; object store on the same machine%n",
                PHOTOS,
                PHOTO_BYTES,
                ROUNDS);
        out.printf("%-64s %8s %7s%n", "what", "MB/s", "ratio");
        row("plain puts of the shards' bytes", median(puts), 1);
        row("sealing: tar, SHA-256, upload, events encoded", median(sealed), median(sealed) / median(puts));
        row("plain gets of the photos, then a plain put of the shard", median(copied), 1);
        row(
                "the packer: the same photos fetched, checked, packed, sealed",
                median(packed),
                median(packed) / median(copied));
        out.printf(
                Locale.ROOT,
                "sealing reaches %.0f %% of plain puts; %.0f %% is asked%n",
                100 * median(sealed) / median(puts),
                100 * ASKED);
    }

    private void row(String what, double rate, double ratio) {
        out.printf(Locale.ROOT, "%-64s %8.1f %6.0f%%%n", what, rate, 100 * ratio);
    }

    private static double median(double[] rates) {
        double[] sorted = rates.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private List<List<Sample>> samples(int round) {
        Random random = new Random(round);
        List<List<Sample>> shards = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            List<Sample> samples = new ArrayList<>();
            for (int i = 0; i < PHOTOS; i++) {
                byte[] photo = new byte[PHOTO_BYTES];
                random.nextBytes(photo);
                Image image = Image.newBuilder(Labelled.photo(0, "image/jpeg", 480, 360, Sha256.hex(photo)))
                        .setBytes((long) photo.length)
                        .build();
                LabelledImage labelled = LabelledImage.newBuilder(
                                Labelled.image("t%d-%d-%d".formatted(round, shard, i), 0, "bench"))
                        .setImage(image)
                        .build();
                samples.add(new Sample(labelled, new Photo.Ready(photo, true), ""));
            }
            shards.add(samples);
        }
        return shards;
    }

    private ShardSealer sealing() {
        return new ShardSealer(store, writer::write, TopicNames.PLAIN, Map.of("bench", new Thresholds(0.7, 0.7, 0.7)));
    }

    private double seal(List<List<Sample>> shards, int round) {
        ShardSealer sealing = sealing();
        long bytes = 0;
        long start = System.nanoTime();
        for (int i = 0; i < shards.size(); i++) {
            Cut cut = new Cut(
                    9,
                    round * 100L + i,
                    round * 100L + i + PHOTOS,
                    Map.of(new Cut.Name("bench", dev.murmuration.schemas.Split.train), shards.get(i)),
                    List.of(),
                    List.of(),
                    Optional.empty());
            bytes += sealing.seal(cut).shards().getFirst().getBytes();
        }
        return rate(bytes, start);
    }

    private double put(List<List<Sample>> shards, int round) {
        List<byte[]> tars = shards.stream().map(Sample::tar).toList();
        long bytes = tars.stream().mapToLong(tar -> tar.length).sum();
        long start = System.nanoTime();
        for (int i = 0; i < tars.size(); i++) {
            store.put("bench/%d-%d.tar".formatted(round, i), tars.get(i), "application/x-tar");
        }
        double rate = rate(bytes, start);
        for (int i = 0; i < tars.size(); i++) {
            store.delete("bench/%d-%d.tar".formatted(round, i));
        }
        return rate;
    }

    private double pack(List<Sample> samples, int round) throws Exception {
        samples.forEach(sample ->
                store.put(sample.labelled().getImage().getKey(), sample.photo().jpeg(), "image/jpeg"));
        ExecutorService fetchers = Executors.newFixedThreadPool(9);
        long[] bytes = {0};
        ShardSealer sealing = sealing();
        ShardBuilder packing = new ShardBuilder(
                dataset -> new CutLimits(PHOTOS, 1L << 30, Duration.ofDays(1)),
                source -> "",
                TopicNames.PLAIN,
                1_000_000,
                Clock.systemUTC());
        long start = System.nanoTime();
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            records.add(new ConsumerRecord<>("labelled-images", 8, round * 10_000L + i, null, null));
        }
        Arrivals arrivals = new Arrivals(
                records.iterator(),
                record -> new Decoded.Event<>(samples.get((int) Math.floorMod(record.offset(), 10_000L))
                        .labelled()),
                new Photos(store, new PhotoForm(512, 0.9f, 40_000_000), 2),
                fetchers,
                8);
        while (arrivals.hasNext()) {
            for (Cut cut : packing.pack(arrivals.next()).cuts()) {
                sealing.seal(cut).shards().forEach(shard -> bytes[0] += shard.getBytes());
            }
        }
        double rate = rate(bytes[0], start);
        fetchers.shutdownNow();
        return rate;
    }

    /** What the packer cannot do without, by as many threads. */
    private double copy(List<Sample> samples, int round) throws Exception {
        byte[] tar = Sample.tar(samples);
        long start = System.nanoTime();
        try (ExecutorService fetchers = Executors.newFixedThreadPool(9)) {
            for (Sample sample : samples) {
                fetchers.execute(() -> store.get(sample.labelled().getImage().getKey()));
            }
        }
        store.put("bench/copy-%d.tar".formatted(round), tar, "application/x-tar");
        double rate = rate(tar.length, start);
        store.delete("bench/copy-%d.tar".formatted(round));
        samples.forEach(sample -> store.delete(sample.labelled().getImage().getKey()));
        return rate;
    }

    private static double rate(long bytes, long start) {
        return bytes / 1e6 / ((System.nanoTime() - start) / 1e9);
    }
}
