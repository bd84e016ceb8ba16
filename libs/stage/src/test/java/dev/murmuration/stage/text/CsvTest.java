package dev.murmuration.stage.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {

    @Test
    void readsBackWhatItWrote() {
        Object[] cells = {
            "plain",
            "a, b",
            "\"quoted\"",
            "",
            "it's",
            "'tis",
            "a;b",
            "100 %",
            "'=1",
            "''=1",
            "=1",
            "-",
            "photos/a b.jpg"
        };
        String text = Csv.row(cells) + "\n" + Csv.row("second", "row") + "\n";

        assertThat(Csv.parse(text))
                .containsExactly(List.of(cells).stream().map(Object::toString).toList(), List.of("second", "row"));
        assertThat(Csv.cells(Csv.row(cells)))
                .containsExactlyElementsOf(
                        List.of(cells).stream().map(Object::toString).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=cmd|'/C calc'!A0",
                "+1",
                "-1",
                "@SUM(A1)",
                "\t=1",
                "\r=1",
                "\n=1",
                " =1",
                "\u00a0=1",
                "\ufeff=1",
                "\u200b=1",
                "＝1",
                "＋1",
                "－1",
                "＠a",
                "'=1",
                "=HYPERLINK(\"http://evil.example\";\"x\")"
            })
    void writesNoFormula(String cell) {
        String written = Csv.row("a", cell, "b");

        assertThat(written.charAt(written.charAt(2) == '"' ? 3 : 2)).isEqualTo('\'');
        assertThat(Csv.parse(written).getFirst().get(1)).isEqualTo(Printable.of(cell));
    }

    @Test
    void keepsACellTogetherWhateverSeparatesCellsThere() {
        assertThat(Csv.row("a;=1", "a\tb", "a|=1")).isEqualTo("\"a;=1\",\"a␉b\",\"a|=1\"");
    }

    @Test
    void writesNumbersAsTheyAre() {
        assertThat(Csv.row(-1, 2.5, 3L, "-1")).isEqualTo("-1,2.5,3,'-1");
    }

    @Test
    void showsControlCharacters() {
        assertThat(Csv.row("two\nlines", "\u001b[2J\u001b]0;title\u0007", "a\u0000b\u007fc\u0085d"))
                .isEqualTo("\"two␊lines\",\"␛[2J␛]0;title␇\",\"a␀b␡c\ufffdd\"");
    }

    @Test
    void readsWhatSpreadsheetsWrite() {
        assertThat(Csv.parse("a,b\r\n\"1\",\"2\n3\"\r\n\r\n3,4"))
                .containsExactly(List.of("a", "b"), List.of("1", "2\n3"), List.of("3", "4"));
    }

    @Test
    void refusesAQuoteThatIsNeverClosed() {
        assertThatThrownBy(() -> Csv.parse("a,\"b\nc")).hasMessageContaining("never closed");
    }

    @Test
    void escapesAPage() {
        assertThat(Html.escaped("<img src=x onerror='a()'> \"&\u001b[2J\u202e"))
                .isEqualTo("&lt;img src=x onerror=&#39;a()&#39;&gt; &quot;&amp;␛[2J\ufffd");
    }

    @Test
    void leavesOtherWordsAlone() {
        String words = "naïve 日本 😀 – “so”";

        assertThat(Printable.of(words)).isSameAs(words);
        assertThat(Printable.of("a\ud83d")).isEqualTo("a\ufffd");
    }
}
