package dev.murmuration.teacher.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenBatchesTest {

    @Test
    void fillsABatchToTheBudgetAndNotBeyond() {
        assertThat(TokenBatches.of(new int[] {4, 3, 3, 1}, 7)).containsExactly(new int[] {3, 1, 2}, new int[] {0});
        assertThat(TokenBatches.of(new int[] {4, 3, 3, 1}, 6))
                .containsExactly(new int[] {3, 1}, new int[] {2}, new int[] {0});
    }

    @Test
    void givesALongerTextABatchOfItsOwn() {
        assertThat(TokenBatches.of(new int[] {9, 2, 9}, 5))
                .containsExactly(new int[] {1}, new int[] {0}, new int[] {2});
    }

    @Test
    void countsEachTextAsTheLongestWhereTheyAreFilledUp() {
        assertThat(TokenBatches.of(new int[] {4, 3, 3, 1}, 9, true))
                .containsExactly(new int[] {3, 1, 2}, new int[] {0});
        assertThat(TokenBatches.of(new int[] {4, 3, 3, 1}, 8, true))
                .containsExactly(new int[] {3, 1}, new int[] {2, 0});
    }

    @Test
    void hasNoBatchForNoText() {
        assertThat(TokenBatches.of(new int[0], 5)).isEmpty();
    }

    @Test
    void holdsEachTextOnceInOrderOfLength() {
        int[] lengths = new Random(1).ints(500, 2, 80).toArray();

        List<int[]> batches = TokenBatches.of(lengths, 512);

        int[] all = batches.stream().flatMapToInt(Arrays::stream).toArray();
        assertThat(all).containsExactlyInAnyOrder(IntStream.range(0, 500).toArray());
        assertThat(IntStream.of(all).map(text -> lengths[text]).toArray()).isSorted();
        assertThat(batches)
                .allMatch(
                        batch -> IntStream.of(batch).map(text -> lengths[text]).sum() <= 512);
    }
}
