package dev.murmuration.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FuzzerTest {

    private static final byte[] INPUT = "size=12;body".getBytes(StandardCharsets.US_ASCII);

    @Test
    void countsWhatIsRefusedAsDocumented() {
        Fuzzer.Outcome outcome = fuzzer().run(IOException.class, input -> {
            if (!text(input).startsWith("size=")) {
                throw new IOException("no size");
            }
        });

        assertThat(outcome.inputs()).isEqualTo(1_000);
        assertThat(outcome.refused()).isBetween(50L, 950L);
        assertThat(outcome.ways()).isEqualTo(2);
    }

    @Test
    void findsAnotherException() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> fuzzer().run(IOException.class, input -> {
                    String text = text(input);
                    if (text.startsWith("size=")) {
                        Integer.parseInt(text.substring(5, Math.max(5, text.indexOf(';'))));
                    }
                }))
                .withMessageContaining("was answered with java.lang.");
    }

    @Test
    void findsAnArrayOfASizeThatTheInputSays() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> fuzzer().run(IOException.class, input -> {
                    String digits = text(input).replaceAll("[^0-9]", "");
                    byte[] room = new byte
                            [(int) Math.min(
                                    200_000_000,
                                    Long.parseLong("0" + digits.substring(0, Math.min(9, digits.length()))))];
                    assertThat(room.length).isNotNegative();
                }))
                .withMessageContaining("bytes of memory");
    }

    @Test
    void findsAStackThatIsAsDeepAsTheInput() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> Fuzzer.of("nested", List.of(INPUT))
                        .tokens("[")
                        .run(IOException.class, input -> nested(text(input), 0)))
                .withMessageContaining("StackOverflowError");
    }

    @Test
    void findsAParserThatNeverEnds() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> fuzzer().within(Duration.ofMillis(100)).run(IOException.class, input -> {
                    for (int i = 0; true; i++) {
                        assertThat(i).isLessThanOrEqualTo(Integer.MAX_VALUE);
                    }
                }))
                .withMessageContaining("was not answered within PT0.1S of processor time");
    }

    private static int nested(String text, int at) {
        int open = text.indexOf('[', at);
        return open < 0 ? 0 : 1 + nested(text, open + 1);
    }

    private static Fuzzer fuzzer() {
        return Fuzzer.of("sizes", List.of(INPUT));
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.ISO_8859_1);
    }
}
