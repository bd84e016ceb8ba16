package dev.murmuration.evaluator.benchmark;

import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.stage.store.Fetched;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Photos that people labelled, pinned by content: two accuracies are comparable only if their benchmarks have one SHA-256.
 *
 * @param name its name in events
 * @param sha256 over the SHA-256 of the index, then of each row's photo in the order of the index, 32 bytes each; zeros where the
 *     photo cannot be read
 * @param photos in the order of the index
 * @param repeated rows whose path an earlier row had
 * @param files where the bytes are
 */
public record Benchmark(String name, String sha256, List<Photo> photos, int repeated, BenchmarkFiles files) {

    private static final byte[] UNREADABLE = new byte[32];
    private static final int NAMED = 10;

    /**
     * One row of the index.
     *
     * @param path relative to the benchmark
     * @param label what people said
     * @param sha256 of its bytes when the benchmark was opened; empty: they could not be read
     * @param problem why not; empty where they could
     * @param splits as {@link BenchmarkIndex.Row#splits}
     */
    public record Photo(
            String path, Sentiment label, Optional<String> sha256, String problem, Map<String, String> splits) {}

    /**
     * Reads every file of a benchmark once.
     *
     * @throws BenchmarkException if there is no index or it is wrong
     */
    public static Benchmark open(BenchmarkFiles files, LabelScheme scheme, BenchmarkLimits limits)
            throws BenchmarkException {
        byte[] csv = index(files, limits);
        BenchmarkIndex index = BenchmarkIndex.parse(files.name(), csv, scheme, limits.rows());
        MessageDigest whole = Sha256.digest();
        whole.update(Sha256.digest().digest(csv));
        List<Photo> photos = new ArrayList<>();
        Map<String, Photo> seen = new HashMap<>();
        for (BenchmarkIndex.Row row : index.rows()) {
            Photo known = seen.get(row.path());
            Photo photo = known != null
                    ? new Photo(row.path(), row.label(), known.sha256(), known.problem(), row.splits())
                    : photo(files, row, limits);
            seen.putIfAbsent(row.path(), photo);
            whole.update(photo.sha256().map(HexFormat.of()::parseHex).orElse(UNREADABLE));
            photos.add(photo);
        }
        return new Benchmark(
                files.name(), HexFormat.of().formatHex(whole.digest()), List.copyOf(photos), index.repeated(), files);
    }

    /** The label of each row. */
    public List<Sentiment> labels() {
        return photos.stream().map(Photo::label).toList();
    }

    /** Reasons for doubt about results on this benchmark: a size other than published, duplicates, contradictory labels. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        PublishedBenchmark.difference(this).ifPresent(warnings::add);
        if (labels().stream().distinct().count() == 1) {
            warnings.add(
                    "every photo is %s: a student that always says so is always right".formatted(labels().getFirst()));
        }
        List<String> contradictions = contradictions();
        if (!contradictions.isEmpty()) {
            warnings.add("%d rows contradict an earlier row that shows the same photo: %s%s"
                    .formatted(
                            contradictions.size(),
                            String.join(
                                    ", ", contradictions.stream().limit(NAMED).toList()),
                            contradictions.size() > NAMED ? " and more" : ""));
        }
        List<Integer> copies = DuplicateGroups.of(photos).repeated();
        if (!copies.isEmpty()) {
            warnings.add("%d rows show a photo (path, bytes or media id) that an earlier row shows: %s%s"
                    .formatted(
                            copies.size(),
                            String.join(
                                    ", ",
                                    copies.stream()
                                            .limit(NAMED)
                                            .map(row -> photos.get(row).path())
                                            .toList()),
                            copies.size() > NAMED ? ", ..." : ""));
        }
        return warnings;
    }

    /** Rows that give the photo of an earlier row another label: at least one of them is wrong. */
    private List<String> contradictions() {
        List<String> contradictions = new ArrayList<>();
        int[] first = DuplicateGroups.of(photos).first();
        for (int i = 0; i < first.length; i++) {
            Photo photo = photos.get(i);
            Photo earlier = photos.get(first[i]);
            if (photo.label() != earlier.label()) {
                contradictions.add("%s is %s, as %s it is %s"
                        .formatted(photo.path(), photo.label(), earlier.path(), earlier.label()));
            }
        }
        return contradictions;
    }

    private static byte[] index(BenchmarkFiles files, BenchmarkLimits limits) throws BenchmarkException {
        return switch (files.read(BenchmarkIndex.FILE, limits.indexBytes())) {
            case Fetched.Found<byte[]>(byte[] bytes) -> bytes;
            case Fetched.Missing<byte[]> missing ->
                throw new BenchmarkException(files.name(), "no " + BenchmarkIndex.FILE + " in " + files.place());
            case Fetched.Damaged<byte[]>(String detail) ->
                throw new BenchmarkException(files.name(), BenchmarkIndex.FILE + ": " + detail);
        };
    }

    private static Photo photo(BenchmarkFiles files, BenchmarkIndex.Row row, BenchmarkLimits limits) {
        return switch (files.read(row.path(), limits.photoBytes())) {
            case Fetched.Found<byte[]>(byte[] bytes) ->
                new Photo(row.path(), row.label(), Optional.of(Sha256.hex(bytes)), "", row.splits());
            case Fetched.Missing<byte[]> missing ->
                new Photo(row.path(), row.label(), Optional.empty(), "missing", row.splits());
            case Fetched.Damaged<byte[]>(String detail) ->
                new Photo(row.path(), row.label(), Optional.empty(), detail, row.splits());
        };
    }
}
