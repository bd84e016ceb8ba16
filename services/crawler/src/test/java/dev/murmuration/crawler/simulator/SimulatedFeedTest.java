package dev.murmuration.crawler.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.PositionException;
import dev.murmuration.simulator.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SimulatedFeedTest {

    private static final World WORLD = new World(42, 192, 0.85, 0.2, List.of(0.34, 0.32, 0.34));

    @Test
    void theSameSeedGivesTheSameStreamFromAnyPosition() throws Exception {
        List<Delivery> all = read(new SimulatedFeed(WORLD, 200, 0), "");

        assertThat(all).hasSize(200);
        assertThat(read(new SimulatedFeed(WORLD, 200, 0), all.get(119).position()))
                .usingRecursiveComparison()
                .isEqualTo(all.subList(120, 200));
        assertThat(read(new SimulatedFeed(new World(43, 192, 0.85, 0.2, WORLD.mix()), 200, 0), ""))
                .isNotEqualTo(all);
    }

    @Test
    void refusesThePositionOfAnotherSeed() {
        assertThatThrownBy(() -> new SimulatedFeed(WORLD, 200, 0).after("43:7")).isInstanceOf(PositionException.class);
        assertThatThrownBy(() -> new SimulatedFeed(WORLD, 200, 0).after("x")).isInstanceOf(PositionException.class);
    }

    @Test
    void keepsItsPace() throws Exception {
        long start = System.nanoTime();

        read(new SimulatedFeed(WORLD, 50, 100), "");

        assertThat((System.nanoTime() - start) / 1e9).isGreaterThanOrEqualTo(0.49);
    }

    private static List<Delivery> read(SimulatedFeed feed, String position) throws Exception {
        List<Delivery> all = new ArrayList<>();
        try (Deliveries deliveries = feed.after(position)) {
            for (Optional<Delivery> next = deliveries.next(); next.isPresent(); next = deliveries.next()) {
                all.add(next.get());
            }
        }
        return all;
    }
}
