package dev.murmuration.filter.command;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Comma-separated values as RFC 4180 has them: quotes where a cell needs them, line breaks within quotes allowed. */
final class Csv {

    private Csv() {}

    static String row(String... cells) {
        return Stream.of(cells).map(Csv::quoted).collect(Collectors.joining(","));
    }

    private static String quoted(String cell) {
        boolean isPlain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return isPlain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }

    /** The rows of a text, without empty lines. @throws IllegalArgumentException if a quote is never closed */
    static List<List<String>> parse(String text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean isQuoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isQuoted) {
                if (c != '"') {
                    cell.append(c);
                } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    cell.append('"');
                    i++;
                } else {
                    isQuoted = false;
                }
            } else if (c == '"') {
                isQuoted = true;
            } else if (c == ',') {
                row.add(cell.toString());
                cell.setLength(0);
            } else if (c == '\n') {
                end(rows, row, cell);
            } else if (c != '\r') {
                cell.append(c);
            }
        }
        if (isQuoted) {
            throw new IllegalArgumentException("a quote is opened and never closed");
        }
        end(rows, row, cell);
        return rows;
    }

    private static void end(List<List<String>> rows, List<String> row, StringBuilder cell) {
        if (!row.isEmpty() || !cell.isEmpty()) {
            row.add(cell.toString());
            rows.add(List.copyOf(row));
        }
        row.clear();
        cell.setLength(0);
    }
}
