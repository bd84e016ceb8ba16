package dev.murmuration.filter.duplicate;

import dev.murmuration.stage.text.Csv;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A list of photos by their hashes: CSV with a header that names at least {@code sha256}, {@code pdq} and {@code pdqQuality}. An
 * empty pdq stands for one that is near nothing. Where there is a column {@code path} or {@code benchmark}, its value says which
 * photo it is.
 */
public final class HashList {

    private HashList() {}

    /** One line of a list. */
    public record Entry(PhotoHash hash, String name) {}

    /**
     * Reads a list of hashes.
     *
     * @throws IllegalArgumentException naming the line that is malformed
     */
    public static List<Entry> parse(String csv) {
        List<String> lines = csv.lines().toList();
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("is empty, without even a header");
        }
        List<String> columns = Csv.cells(lines.getFirst());
        int sha256 = column(columns, "sha256");
        int pdq = column(columns, "pdq");
        int quality = column(columns, "pdqQuality");
        int name = Math.max(columns.indexOf("path"), columns.indexOf("benchmark"));
        List<Entry> entries = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            List<String> cells = Csv.cells(lines.get(i));
            try {
                if (cells.size() != columns.size()) {
                    throw new IllegalArgumentException(
                            "%d columns instead of %d".formatted(cells.size(), columns.size()));
                }
                entries.add(new Entry(
                        hash(cells.get(sha256), cells.get(pdq), cells.get(quality)), name < 0 ? "" : cells.get(name)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line %d: %s".formatted(i + 1, e.getMessage()), e);
            }
        }
        return entries;
    }

    private static PhotoHash hash(String sha256, String pdq, String quality) {
        byte[] bits = pdq.isEmpty() ? new byte[PhotoHash.BYTES] : HexFormat.of().parseHex(pdq);
        int trust = pdq.isEmpty() || quality.isEmpty() ? 0 : Integer.parseInt(quality);
        return PhotoHash.of(sha256, ByteBuffer.wrap(bits), trust);
    }

    private static int column(List<String> columns, String name) {
        int at = columns.indexOf(name);
        if (at < 0) {
            throw new IllegalArgumentException("has no column " + name);
        }
        return at;
    }
}
