package dev.murmuration.filter.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTest {

    @Test
    void readsBackWhatItWrote() {
        String[] cells = {"plain", "a, b", "\"quoted\"", "two\nlines", "", "x\r\ny"};
        String text = Csv.row(cells) + "\n" + Csv.row("second", "row") + "\n";

        assertThat(Csv.parse(text)).containsExactly(List.of(cells), List.of("second", "row"));
    }

    @Test
    void readsWhatSpreadsheetsWrite() {
        assertThat(Csv.parse("a,b\r\n\"1\",\"2\"\r\n\r\n3,4"))
                .containsExactly(List.of("a", "b"), List.of("1", "2"), List.of("3", "4"));
    }

    @Test
    void refusesAQuoteThatIsNeverClosed() {
        assertThatThrownBy(() -> Csv.parse("a,\"b\nc")).hasMessageContaining("never closed");
    }
}
