package dev.murmuration.evaluator.command;

import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.benchmark.BenchmarkIndex;
import dev.murmuration.evaluator.benchmark.PhotoFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Which pictures a command line means. */
final class ImageArguments {

    private ImageArguments() {}

    /** Files that are pictures by their names, directly in a folder, by name. */
    static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(Files::isRegularFile)
                    .filter(file -> file.toString().toLowerCase(Locale.ROOT).matches("(?s).*\\.(jpe?g|png|gif|webp)"))
                    .sorted()
                    .toList();
        }
    }

    /**
     * Files as they are, for a folder its pictures, for a CSV with the column {@code path} what that lists, relative to where it lies.
     *
     * @throws BenchmarkException if a CSV is not as it must be
     */
    static List<Path> listed(List<Path> given) throws IOException, BenchmarkException {
        List<Path> files = new ArrayList<>();
        for (Path each : given) {
            if (each.toString().toLowerCase(Locale.ROOT).endsWith(".csv")) {
                Path folder = each.toAbsolutePath().getParent();
                for (String path : BenchmarkIndex.paths(each.toString(), PhotoFiles.read(each))) {
                    files.add(folder == null ? Path.of(path) : folder.resolve(path));
                }
            } else {
                files.addAll(of(List.of(each)));
            }
        }
        return files;
    }

    /** Files as they are, for a folder its pictures. */
    static List<Path> of(List<Path> given) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path each : given) {
            files.addAll(Files.isDirectory(each) ? in(each) : List.of(each));
        }
        return files;
    }
}
