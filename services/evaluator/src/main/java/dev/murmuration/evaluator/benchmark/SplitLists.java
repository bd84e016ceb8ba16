package dev.murmuration.evaluator.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * Lists of photos as papers give them: folders with one list for each part, {@code test1/train.txt}, {@code test1/test.txt},
 * {@code test2/...}, whose lines are {@code path class}.
 *
 * @param folds the names of the folders, in the order of their numbers
 * @param photos by path, in the order in which they are first listed
 */
public record SplitLists(List<String> folds, SequencedMap<String, Listed> photos) {

    /**
     * One photo.
     *
     * @param label as the lists have it
     * @param parts {@code train}, {@code validation} or {@code test}, by folder
     */
    public record Listed(String label, Map<String, String> parts) {}

    /**
     * Reads every list below a folder.
     *
     * @throws BenchmarkException if there is none, a line is not as it must be, or two lists contradict each other
     */
    public static SplitLists read(Path folder) throws IOException, BenchmarkException {
        List<Path> folds = folders(folder);
        SequencedMap<String, Listed> photos = new LinkedHashMap<>();
        for (Path fold : folds) {
            for (Path list : lists(fold)) {
                read(list, String.valueOf(fold.getFileName()), part(list), photos);
            }
        }
        if (photos.isEmpty()) {
            throw new BenchmarkException(
                    folder.toString(), "has no lists: wanted are folders with train.txt and test.txt");
        }
        return new SplitLists(
                folds.stream().map(fold -> String.valueOf(fold.getFileName())).toList(), photos);
    }

    /** For each photo the number, from 1, of the one fold that tests it. */
    public Map<String, Integer> foldOf() throws BenchmarkException {
        Map<String, Integer> foldOf = new LinkedHashMap<>();
        for (Map.Entry<String, Listed> photo : photos.entrySet()) {
            for (int i = 0; i < folds.size(); i++) {
                if ("test".equals(photo.getValue().parts().get(folds.get(i)))) {
                    if (foldOf.put(photo.getKey(), i + 1) != null) {
                        throw new BenchmarkException(photo.getKey(), "is tested in more than one fold");
                    }
                }
            }
            if (!foldOf.containsKey(photo.getKey())) {
                throw new BenchmarkException(photo.getKey(), "is tested in no fold");
            }
        }
        return foldOf;
    }

    private static void read(Path list, String fold, String part, Map<String, Listed> photos)
            throws IOException, BenchmarkException {
        int number = 0;
        // What is not UTF-8 becomes replacement characters, and so no photo's name.
        for (String line : new String(Files.readAllBytes(list), StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            int space = Math.max(line.strip().lastIndexOf(' '), line.strip().lastIndexOf(','));
            if (space < 1) {
                throw new BenchmarkException(list.toString(), "line %d is not: path class".formatted(number));
            }
            String path = line.strip().substring(0, space).strip();
            String label = line.strip().substring(space + 1);
            Listed listed = photos.computeIfAbsent(path, absent -> new Listed(label, new LinkedHashMap<>()));
            if (!listed.label().equals(label)) {
                throw new BenchmarkException(
                        list.toString(),
                        "line %d: %s has class %s, and %s in another list"
                                .formatted(number, path, label, listed.label()));
            }
            String before = listed.parts().putIfAbsent(fold, part);
            if (before != null && !before.equals(part)) {
                throw new BenchmarkException(
                        list.toString(), "line %d: %s is also in %s of %s".formatted(number, path, before, fold));
            }
        }
    }

    private static List<Path> folders(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static List<Path> lists(Path fold) throws IOException {
        try (Stream<Path> inside = Files.list(fold)) {
            return inside.filter(file -> file.toString().matches(".*\\.(txt|csv)"))
                    .sorted()
                    .toList();
        }
    }

    private static String part(Path list) throws BenchmarkException {
        String name = String.valueOf(list.getFileName()).replaceFirst("\\.\\w+$", "");
        return switch (name) {
            case "train", "training" -> "train";
            case "val", "valid", "validation" -> "validation";
            case "test", "testing" -> "test";
            default -> throw new BenchmarkException(list.toString(), "is named neither train, validation nor test");
        };
    }
}
