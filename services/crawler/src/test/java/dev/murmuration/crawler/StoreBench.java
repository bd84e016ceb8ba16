package dev.murmuration.crawler;

import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the number of requests that may be in flight to the store does to the crawler's rate by the clock. */
final class StoreBench {

    private static final int[] IN_FLIGHT = {1, 5, 16, 32, 64};
    private static final int[] LATENCIES = {0, 10, 50};
    private static final Pattern DELAYED = Pattern.compile("/images/after-(\\d+)/");

    private StoreBench() {}

    /** In turns, as a client with OkHttp's default of five requests to a host has it, and as ours. */
    static void byClock(Function<ObjectStore, Bench.Step> whole, int port, int atOnce, int count) throws Exception {
        for (int turn = 0; turn < 3; turn++) {
            for (int inFlight : new int[] {5, atOnce}) {
                Bench.Step photo = whole.apply(store(port, inFlight));
                long start = System.nanoTime();
                Bench.all(photo, count, atOnce);
                System.out.printf(
                        Locale.ROOT,
                        "%-44s %9s %12.0f photos/s by the clock%n",
                        "together, %d requests to the store at once".formatted(inFlight),
                        "",
                        count * 1e9 / (System.nanoTime() - start));
            }
        }
        System.out.println();
    }

    /**
     * By the clock, with a store that is a network away: what a client gives that has only five requests in flight, OkHttp's
     * default, and more.
     */
    static void latencies(int port, List<byte[]> bodies, int count) throws Exception {
        StringBuilder head = new StringBuilder("%-44s".formatted("puts/s by the clock, in flight"));
        for (int inFlight : IN_FLIGHT) {
            head.append("%9d".formatted(inFlight));
        }
        System.out.println(head);
        for (int millis : LATENCIES) {
            StringBuilder row = new StringBuilder("%-44s".formatted("store that answers after " + millis + " ms"));
            for (int inFlight : IN_FLIGHT) {
                ObjectStore store = store(port, inFlight);
                Bench.Step put =
                        n -> store.putIfAbsent(delayed(millis) + "/" + n, bodies.get(n % bodies.size()), "image/jpeg");
                Bench.all(put, inFlight * 2, inFlight);
                int puts = Math.min(count, inFlight * 40);
                long start = System.nanoTime();
                Bench.all(put, puts, inFlight);
                row.append("%9.0f".formatted(puts * 1e9 / (System.nanoTime() - start)));
            }
            System.out.println(row);
        }
        System.out.println();
    }

    private static String delayed(int millis) {
        return "images/after-" + millis;
    }

    /** In the store: waits as long as the key of an object says. */
    static void delay(String path) {
        Matcher delayed = DELAYED.matcher(path);
        if (delayed.find()) {
            LockSupport.parkNanos(Long.parseLong(delayed.group(1)) * 1_000_000);
        }
    }

    /** The store at a port of this machine. */
    static ObjectStore store(int port, int inFlight) {
        return new ObjectStore(new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(
                        Map.of("s3.endpoint", "http://127.0.0.1:" + port, "s3.max-requests", String.valueOf(inFlight)),
                        "bench",
                        100))
                .withMapping(StoreSettings.class)
                .withMappingIgnore("**")
                .build()
                .getConfigMapping(StoreSettings.class));
    }
}
