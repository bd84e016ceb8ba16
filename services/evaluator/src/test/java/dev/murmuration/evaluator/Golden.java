package dev.murmuration.evaluator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The golden values that tools/golden.py wrote. */
public final class Golden {

    private Golden() {}

    /** One row, its cells by the names of the header. */
    public record Row(Map<String, String> cells) {

        public String text(String name) {
            return Objects.requireNonNull(cells.get(name), name);
        }

        public double number(String name) {
            return Double.parseDouble(text(name));
        }

        public int whole(String name) {
            return Integer.parseInt(text(name));
        }
    }

    /** The rows of a file. */
    public static List<Row> rows(String name) {
        try (InputStream in = Objects.requireNonNull(Golden.class.getResourceAsStream("/golden/" + name), name)) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            List<String> header = cells(lines.getFirst());
            return lines.stream().skip(1).map(line -> row(header, cells(line))).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(List<String> header, List<String> cells) {
        Map<String, String> row = new HashMap<>();
        for (int i = 0; i < header.size(); i++) {
            row.put(header.get(i), cells.get(i));
        }
        return new Row(row);
    }

    private static List<String> cells(String line) {
        return List.of(line.split(",", -1));
    }
}
