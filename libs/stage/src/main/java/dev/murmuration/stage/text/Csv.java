package dev.murmuration.stage.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Comma-separated values as RFC 4180 has them, for people who open them in a spreadsheet: a cell that it would take for a formula begins with an apostrophe, as <a
 * href="https://owasp.org/www-community/attacks/CSV_Injection">OWASP's page on CSV injection</a> says, and control characters are shown. Reading takes the apostrophe off again. All CSV files are written
 * here.
 */
public final class Csv {

    /** What makes a cell a formula, at its beginning or behind blanks; full-width forms too. An apostrophe counts, so that reading knows which one was put there. */
    private static final Pattern FORMULA = Pattern.compile(
            "[\\s\\u00a0\\ufeff\\u200b\\u2400-\\u2421']*[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20].*", Pattern.DOTALL);

    /** Cells that no spreadsheet and no reader takes apart, whatever separates cells there. */
    private static final Pattern PLAIN = Pattern.compile("[\\w./:?()\\[\\]%*'-]*(?: +[\\w./:?()\\[\\]%*'-]+)*");

    private Csv() {}

    /** One row, without its line break. A number is written as it is; the words of everything else are data. */
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
     * The rows of a text, without empty lines; line breaks within quotes are allowed.
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

    /** The cells of one line, without blanks around them: split at commas outside of quotes, two quotes inside of quotes are one. A quote that is never closed ends with the line. */
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
