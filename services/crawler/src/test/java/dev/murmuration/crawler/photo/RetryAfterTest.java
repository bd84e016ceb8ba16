package dev.murmuration.crawler.photo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-11-30T08:00:00Z");

    @ParameterizedTest
    @CsvSource({"0, PT0S", "120, PT2M", "'Mon, 30 Nov 2026 08:00:05 GMT', PT5S", "'Mon, 30 Nov 2026 07:00:00 GMT', PT0S"
    })
    void isSecondsOrADate(String header, Duration wait) {
        assertThat(RetryAfter.of(header, NOW)).contains(wait);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "soon", "9999999999", "1.5", "Mon, 31 Feb 2026 08:00:05 GMT"})
    void whatIsNeitherIsNoAnswer(String header) {
        assertThat(RetryAfter.of(header, NOW)).isEmpty();
    }

    @Test
    void aHeaderThatIsNotThereIsNoAnswer() {
        assertThat(RetryAfter.of(null, NOW)).isEmpty();
    }
}
