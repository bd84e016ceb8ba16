package dev.murmuration.crawler;

import dev.murmuration.crawler.feed.Oddities;
import dev.murmuration.crawler.simulator.Benchmark;
import dev.murmuration.crawler.simulator.PhotoHashes;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.settings.WrongSettings;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;

/** Commands of the crawler that need no platform: they make the folder of a benchmark. */
final class Commands {

    private static final int USAGE = 64;
    private static final int FAILED = 1;
    private static final String HELP = """
            crawler                           crawls until it is stopped
            crawler simulated-benchmark DIR   writes photos that the simulated stream never shows: index.csv (path,class), images/, hashes.csv
            crawler hashes DIR                reads DIR/index.csv and writes DIR/hashes.csv: path,sha256,pdq,pdqQuality
            Settings as for the service, for example -Dcrawler.simulator.seed=7 before -jar.
            """;

    private Commands() {}

    /** Runs the command and returns the exit code. */
    static int run(String... args) {
        boolean hashes = args.length == 2 && args[0].equals("hashes");
        boolean benchmark = args.length == 2 && args[0].equals("simulated-benchmark");
        if (!hashes && !benchmark) {
            boolean asked = args.length == 1 && (args[0].equals("--help") || args[0].equals("-h"));
            (asked ? System.out : System.err).print(HELP);
            return asked ? 0 : USAGE;
        }
        try {
            CrawlerSettings settings = settings();
            CrawlerFactory parts = new CrawlerFactory(settings, Oddities.ignored());
            Path folder = Path.of(args[1]);
            int photos = benchmark
                    ? new Benchmark(parts.world(), settings.simulator().benchmarkPhotos())
                            .write((path, bytes) -> write(folder.resolve(path), bytes))
                    : PhotoHashes.ofBenchmark(folder, parts.inspection());
            System.out.println(folder + ": " + photos + " photos");
            return 0;
        } catch (ConfigValidationException e) {
            WrongSettings.in(e).forEach(problem -> System.err.println("crawler " + args[0] + ": " + problem));
            return FAILED;
        } catch (SettingException | IOException | UncheckedIOException | NoSuchElementException e) {
            System.err.println("crawler " + args[0] + ": " + e.getMessage());
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private static CrawlerSettings settings() {
        return new SmallRyeConfigBuilder()
                .addDefaultSources()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .addDiscoveredCustomizers()
                .withMapping(CrawlerSettings.class)
                .withMappingIgnore("**")
                .build()
                .getConfigMapping(CrawlerSettings.class);
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Path folder = file.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
