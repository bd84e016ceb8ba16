package dev.murmuration.local.demo;

import dev.murmuration.photo.Limits;
import dev.murmuration.photo.PhotoDecoder;
import dev.murmuration.schemas.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A benchmark of the hand-labelled photos beside a recorded stream: a sample that the filter then holds back from training,
 * because their hashes are registered before the stream starts. The sample is the photos whose names hash lowest, so that it is
 * the same each time and independent of the order of the file.
 */
public final class RecordedBenchmark {

    /** Header of a benchmark's index, and of `labels.csv`. */
    static final String HEADER = "path,class";

    private static final int SMALLEST_SIDE = 32;
    private static final PhotoDecoder DECODER = new PhotoDecoder(Limits.of(Limits.MAX_PIXELS, SMALLEST_SIDE));
    private static final long MAX_BYTES = 10 << 20;
    private static final long MAX_LABELS_BYTES = 256 << 20;

    private RecordedBenchmark() {}

    /**
     * Writes the benchmark's index and photos.
     *
     * @param stream folder with `labels.csv` (`path,class`; 0 negative, 1 neutral, 2 positive) and the photos it names
     * @param folder of the benchmark
     * @param holdBack maximum number of photos
     * @return number of photos by class index
     * @throws IOException if the labels cannot be read, or no labelled photo can be decoded
     */
    public static Map<Integer, Integer> write(Path stream, Path folder, int holdBack) throws IOException {
        List<String[]> labels = labels(stream.resolve("labels.csv"));
        labels.sort(
                Comparator.comparing((String[] label) -> Sha256.hex(label[0])).thenComparing(label -> label[0]));
        Map<Integer, Integer> perClass = new TreeMap<>();
        List<String> index = new ArrayList<>();
        index.add(HEADER);
        Path images = Files.createDirectories(folder.resolve("images"));
        for (String[] label : labels) {
            if (index.size() > holdBack) {
                break;
            }
            Optional<Path> inside = inside(stream, label[0]);
            if (inside.isPresent() && decodes(inside.get())) {
                Path photo = inside.get();
                String name = "%04d-%s"
                        .formatted(
                                index.size(),
                                String.valueOf(photo.getFileName()).replaceAll("[^\\w.-]", "_"));
                Files.copy(photo, images.resolve(name));
                index.add("images/" + name + "," + label[1]);
                perClass.merge(Integer.parseInt(label[1]), 1, Integer::sum);
            }
        }
        if (perClass.isEmpty()) {
            throw new IOException("no photo that " + stream.resolve("labels.csv") + " names can be decoded");
        }
        Files.write(folder.resolve("index.csv"), index);
        return perClass;
    }

    private static List<String[]> labels(Path file) throws IOException {
        if (Files.size(file) > MAX_LABELS_BYTES) {
            throw new IOException(
                    "%s: %d bytes; at most %d are read".formatted(file, Files.size(file), MAX_LABELS_BYTES));
        }
        // Invalid UTF-8 becomes replacement characters, which match no photo's name.
        List<String> lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .replaceFirst("^\ufeff", "")
                .lines()
                .toList();
        if (lines.isEmpty() || !lines.getFirst().strip().equals(HEADER)) {
            throw new IOException(file + ": its first line must be '" + HEADER + "'");
        }
        List<String[]> labels = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty()) {
                continue;
            }
            int comma = line.lastIndexOf(',');
            if (comma < 1 || !line.substring(comma + 1).matches("[012]")) {
                throw new IOException("%s, line %d: expected '%s' with class 0, 1 or 2".formatted(file, i + 1, HEADER));
            }
            labels.add(new String[] {line.substring(0, comma), line.substring(comma + 1)});
        }
        return labels;
    }

    /** The photo of a path, if it is a file inside of the folder, links resolved: the same as the crawler reads. */
    private static Optional<Path> inside(Path stream, String path) throws IOException {
        Path folder = stream.toRealPath();
        try {
            Path photo = folder.resolve(path).toRealPath();
            return photo.startsWith(folder) && Files.isRegularFile(photo) ? Optional.of(photo) : Optional.empty();
        } catch (IOException | InvalidPathException e) { // there is no such file
            return Optional.empty();
        }
    }

    /** Whether it can be decoded; its length and header are checked first. */
    private static boolean decodes(Path photo) {
        try {
            return Files.size(photo) <= MAX_BYTES
                    && DECODER.decode(Files.readAllBytes(photo)).width() > 0;
        } catch (IOException e) {
            return false;
        }
    }
}
