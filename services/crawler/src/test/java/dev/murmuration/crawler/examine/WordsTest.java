package dev.murmuration.crawler.examine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against what CPython says; see tools/python-words.py. */
class WordsTest {

    @Test
    void knowsPythonsWordCharactersOneByOne() {
        BitSet word = ranges("word-ranges.csv");
        // Letters that Unicode got after that Python was built: Python will follow.
        BitSet unassigned = ranges("unassigned-ranges.csv");

        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (!unassigned.get(codePoint)) {
                assertThat(Words.isWord(codePoint)).as("U+%04X", codePoint).isEqualTo(word.get(codePoint));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("counts")
    void countsAsPythonDoes(String row) {
        String[] cells = row.split(",", -1);
        StringBuilder text = new StringBuilder();
        Arrays.stream(cells[1].split(" ", -1))
                .filter(cell -> !cell.isEmpty())
                .forEach(cell -> text.appendCodePoint(Integer.parseInt(cell, 16)));

        assertThat(Words.count(text.toString())).isEqualTo(Integer.parseInt(cells[0]));
    }

    @Test
    void aHalfSurrogateIsNoWord() {
        assertThat(Words.count("\uD83D a \uDE00")).isEqualTo(1);
    }

    static List<String> counts() {
        return rows("counts.csv");
    }

    private static BitSet ranges(String file) {
        BitSet set = new BitSet();
        for (String row : rows(file)) {
            String[] cells = row.split(",", -1);
            set.set(Integer.parseInt(cells[0], 16), Integer.parseInt(cells[1], 16) + 1);
        }
        return set;
    }

    private static List<String> rows(String file) {
        try (InputStream in = WordsTest.class.getResourceAsStream("/python-words/" + file)) {
            assertThat(in).as(file).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
