package dev.murmuration.crawler;

import dev.murmuration.crawler.photo.Inspection;
import dev.murmuration.crawler.photo.InspectionLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Our turn beside the downloaders of {@code tools/peers}: photos fetched from a server, inspected, hashed and stored in another. */
final class PeerIntake {

    private static final int AT_ONCE = 32;

    private PeerIntake() {}

    /** Prints a rate by the clock per round, after one to warm up: {@code PORT URLS ROUNDS}; the store is at the same port. */
    public static void main(String... args) throws Exception {
        int port = Integer.parseInt(args[0]);
        List<String> urls = urls(Path.of(args[1]));
        Inspection inspection = new Inspection(
                new InspectionLimits(40_000_000, 32), Runtime.getRuntime().availableProcessors());
        Bench.Step whole = Bench.whole(Bench.web(port), inspection, StoreBench.store(port, AT_ONCE), urls);
        for (int round = 0; round <= Integer.parseInt(args[2]); round++) {
            long start = System.nanoTime();
            Bench.all(whole, urls.size(), AT_ONCE);
            if (round > 0) {
                System.out.printf(Locale.ROOT, "rate %.1f%n", urls.size() * 1e9 / (System.nanoTime() - start));
            }
        }
        System.exit(0);
    }

    private static List<String> urls(Path file) throws IOException {
        return Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
    }
}
