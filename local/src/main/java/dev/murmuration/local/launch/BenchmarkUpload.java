package dev.murmuration.local.launch;

import dev.murmuration.local.platform.Bucket;
import dev.murmuration.local.platform.PlatformException;
import dev.murmuration.local.platform.PlatformSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts a benchmark's folder under `benchmarks/<name>/` of the object store: photos, then hashes.csv, then index.csv, whose
 * presence says that all is there.
 */
final class BenchmarkUpload {

    private final PlatformSettings platform;

    BenchmarkUpload(PlatformSettings platform) {
        this.platform = platform;
    }

    void put(String name, Path folder) {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile)
                    .sorted(Comparator.<Path>comparingInt(
                                    file -> rank(file.getFileName().toString()))
                            .thenComparing(Comparator.naturalOrder()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder, e);
        }
        try (Bucket bucket = new Bucket(platform)) {
            for (Path file : files) {
                bucket.put(
                        "benchmarks/" + name + "/"
                                + folder.relativize(file).toString().replace('\\', '/'),
                        file);
            }
        } catch (IOException e) {
            throw new PlatformException("the benchmark %s was not stored: %s".formatted(name, e.getMessage()), e);
        }
    }

    private static int rank(String name) {
        return switch (name) {
            case "index.csv" -> 2;
            case "hashes.csv" -> 1;
            default -> 0;
        };
    }
}
