package dev.murmuration.filter.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.Split;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SplitsTest {

    @Test
    void dividesTweetsByTheirShares() {
        Splits splits = new Splits(Splits.By.TWEET, 80, 10, 10);

        Map<Split, Long> counts = IntStream.range(0, 100_000)
                .mapToObj(id -> splits.of(Integer.toString(id), ""))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        // Three standard deviations of a fair draw: 380 and 285.
        assertThat(counts.get(Split.train)).isCloseTo(80_000, Offset.offset(380L));
        assertThat(counts.get(Split.val)).isCloseTo(10_000, Offset.offset(285L));
        assertThat(counts.get(Split.test)).isCloseTo(10_000, Offset.offset(285L));
    }

    @Test
    void keepsAnAuthorTogetherWhereAsked() {
        Splits splits = new Splits(Splits.By.AUTHOR, 1, 1, 1);

        assertThat(IntStream.range(0, 100).mapToObj(id -> splits.of("t" + id, "author")))
                .containsOnly(splits.of("t0", "author"));
        assertThat(IntStream.range(0, 100)
                        .mapToObj(id -> splits.of("t" + id, ""))
                        .distinct())
                .hasSize(3);
    }

    @Test
    void leavesASplitWithoutShareEmpty() {
        Splits splits = new Splits(Splits.By.TWEET, 0, 0, 7);

        assertThat(IntStream.range(0, 100).mapToObj(id -> splits.of("t" + id, "")))
                .containsOnly(Split.test);
    }
}
