package dev.murmuration.stage.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Comma-separated values as RFC 4180 has them, safe to open in a spreadsheet: a cell that would be taken for a formula is prefixed with an
 * apostrophe, as <a href="https://owasp.org/www-community/attacks/CSV_Injection">OWASP's page on CSV injection</a> recommends, and control
 * characters are made visible. Reading removes the apostrophe. All CSV files are written here.
 */
public final class Csv {

    /**
     * Characters that make a cell a formula, at its start or after blanks; full-width forms too. An apostrophe counts, so that reading can
     * tell which one was added.
     */
    private static final Pattern FORMULA = Pattern.compile(
            "[\\s\\u00a0\\ufeff\\u200b\\u2400-\\u2421']*[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20].*", Pattern.DOTALL);

    /** Cells that need no quotes, whatever separator a spreadsheet or reader uses. */
    private static final Pattern PLAIN = Pattern.compile("[\\w./:?()\\[\\]%*'-]*(?: +[\\w./:?()\\[\\]%*'-]+)*");

    private Csv() {}

    /** Returns one row, without its line break. Numbers are written unchanged; all other values are escaped as text. */
    public static String row(Object... cells) {
        return Stream.of(cells).map(Csv::cell).collect(Collectors.joining(","));
    }

    private static String cell(Object cell) {
        if (cell instanceof Number number) {
            return number.toString();
        }
        String text = cell.toString();
        String shown = Printable.of(FORMULA.matcher(text).matches() ? "'" + text : text);
        return PLAIN.matcher(shown).matches() ? shown : '"' + shown.replace("\"", "\"\"") + '"';
    }

    private static String read(String cell) {
        return cell.startsWith("'") && FORMULA.matcher(cell.substring(1)).matches() ? cell.substring(1) : cell;
    }

    /**
     * Returns the rows of a text, without empty lines; line breaks within quotes are allowed.
     *
     * @throws IllegalArgumentException if a quote is never closed
     */
    public static List<List<String>> parse(String text) {
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
                row.add(read(cell.toString()));
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
            row.add(read(cell.toString()));
            rows.add(List.copyOf(row));
        }
        row.clear();
        cell.setLength(0);
    }

    /**
     * Returns the cells of one line, without surrounding blanks: split at commas outside quotes; two quotes inside quotes are one. An
     * unclosed quote ends with the line.
     */
    public static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean isQuoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && isQuoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                cell.append(c);
                i++;
            } else if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c == ',' && !isQuoted) {
                cells.add(read(cell.toString().strip()));
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(read(cell.toString().strip()));
        return cells;
    }
}
