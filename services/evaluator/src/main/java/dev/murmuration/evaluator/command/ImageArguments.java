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

/** Resolves the pictures that are given on the command line. */
final class ImageArguments {

    private ImageArguments() {}

    /** Files in a folder with the extension of a picture, sorted by name. */
    static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(Files::isRegularFile)
                    .filter(file -> file.toString().toLowerCase(Locale.ROOT).matches("(?s).*\\.(jpe?g|png|gif|webp)"))
                    .sorted()
                    .toList();
        }
    }

    /**
     * Resolves files, folders (to their pictures) and CSV files with the column {@code path} (to the listed files, relative to the CSV).
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

    /** Resolves files and folders. */
    static List<Path> of(List<Path> given) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path each : given) {
            files.addAll(Files.isDirectory(each) ? in(each) : List.of(each));
        }
        return files;
    }
}
