package dev.murmuration.teacher.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackedTokensTest {

    @Test
    void laysTextsEndToEndAndFillsUpASmallBatch() {
        PackedTokens packed =
                PackedTokens.of(List.of(new long[] {0, 2}, new long[] {0, 7, 2}, new long[] {0, 8, 2}), 1, 2);

        assertThat(packed.ids())
                .hasSize(512)
                .startsWith(0, 2, 0, 7, 2, 0, 8, 2, 1, 1)
                .endsWith(1);
        assertThat(packed.positions()).startsWith(2, 3, 2, 3, 4, 2, 3, 4, 1, 1).endsWith(1);
        assertThat(packed.groups()).containsExactly(1, 2, 2, 3, 1, 504);
        assertThat(packed.firsts()).hasSize(512).startsWith(0, 2, 5, 0);
    }

    @Test
    void leavesABatchThatIsLargeEnoughAsItIs() {
        PackedTokens packed = PackedTokens.of(Collections.nCopies(64, new long[] {0, 5, 5, 5, 5, 5, 5, 2}), 1, 2);

        assertThat(packed.ids()).hasSize(512);
        assertThat(packed.groups()).containsExactly(64, 8);
    }

    @Test
    void placesTokensInAGridOfTheLongestText() {
        PackedTokens packed = PackedTokens.of(
                List.of(new long[] {0, 2}, new long[] {0, 7, 2}, new long[] {0, 8, 2}, new long[] {0, 4, 5, 2}),
                1,
                2,
                0);

        assertThat(packed.ids()).containsExactly(0, 2, 0, 7, 2, 0, 8, 2, 0, 4, 5, 2);
        assertThat(packed.firsts()).containsExactly(0, 2, 5, 8);
        assertThat(packed.grid()).containsExactly(4, 4);
        assertThat(packed.places()).containsExactly(0, 1, 4, 5, 6, 8, 9, 10, 12, 13, 14, 15);
    }

    /** As transformers counts: padding within a text has the padding's own position and moves nobody. */
    @Test
    void doesNotCountPaddingInATextAsAPosition() {
        assertThat(PackedTokens.of(List.of(new long[] {0, 1, 9, 2}), 1, 2).positions())
                .startsWith(2, 1, 3, 4);
    }
}
