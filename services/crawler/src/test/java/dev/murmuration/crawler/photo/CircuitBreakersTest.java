package dev.murmuration.crawler.photo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CircuitBreakersTest {

    private long now = Long.MAX_VALUE - 5;
    private final CircuitBreakers breakers = new CircuitBreakers(3, Duration.ofNanos(10), () -> now);

    @Test
    void opensAfterSoManyRefusalsInARow() {
        breakers.refused("a");
        breakers.refused("a");
        breakers.answered("a");
        breakers.refused("a");
        breakers.refused("a");
        assertThat(breakers.isOpen("a")).isFalse();

        breakers.refused("a");

        assertThat(breakers.isOpen("a")).isTrue();
        assertThat(breakers.isOpen("b")).isFalse();
    }

    @Test
    void letsThroughAgainAfterAWhileUntilTheNextRefusal() {
        for (int i = 0; i < 3; i++) {
            breakers.refused("a");
        }
        now += 9;
        assertThat(breakers.isOpen("a")).isTrue();

        now += 1;

        assertThat(breakers.isOpen("a")).isFalse();
        breakers.refused("a");
        assertThat(breakers.isOpen("a")).isTrue();
    }

    @Test
    void forgetsTheHostThatWasLongestWithoutARefusal() {
        for (int i = 0; i < 3; i++) {
            breakers.refused("first");
        }

        for (int host = 0; host < 10_000; host++) {
            breakers.refused("host-" + host);
        }

        assertThat(breakers.isOpen("first")).isFalse();
    }
}
