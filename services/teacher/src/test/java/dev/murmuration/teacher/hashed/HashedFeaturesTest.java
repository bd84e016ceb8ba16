package dev.murmuration.teacher.hashed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class HashedFeaturesTest {

    private final HashedFeatures features = new HashedFeatures(20);
    private final HashedFeatures wide = new HashedFeatures(30);

    @Test
    void areAscendingBucketsEachOnce() {
        int[] ids = features.of("to be or not to be, that is the question");

        assertThat(ids).isSorted().doesNotHaveDuplicates();
        assertThat(ids[0]).isNotNegative();
        assertThat(ids[ids.length - 1]).isLessThan(1 << 20);
    }

    /** The weights of the bundled teacher were learned for exactly these buckets; tools/golden_features.py computes them in its own way. */
    @Test
    void neverMove() {
        assertThat(features.of("ok so it is!!"))
                .containsExactly(
                        65392, 99971, 107070, 187455, 320476, 393380, 408889, 425429, 463139, 469876, 544076, 557244,
                        585311, 585377, 608758, 612406, 632003, 644546, 657859, 676446, 725720, 760756, 791880, 888472,
                        908460, 947909, 963687, 982611, 983814, 988444, 997102, 1022641, 1030547, 1038886, 1039537);
    }

    @Test
    void seeCapitalsStretchesAndHashtags() {
        assertThat(wide.of("GREAT")).hasSize(wide.of("great").length + 1);
        assertThat(wide.of("soooo")).hasSize(wide.of("soo").length + 1);
        assertThat(wide.of("#fail")).hasSize(wide.of("@fail").length + 1);
    }

    @Test
    void markWhatFollowsANegationUpToTheNextPunctuation() {
        assertThat(wide.of("not good day").length - wide.of("now good day").length)
                .isEqualTo(2);
        assertThat(wide.of("not . good day").length - wide.of("now . good day").length)
                .isEqualTo(1);
        assertThat(wide.of("isn't #good @user day").length - wide.of("isn'x #good @user day").length)
                .isEqualTo(3);
    }

    @Test
    void areNeverNone() {
        assertThat(features.of("")).isNotEmpty();
    }

    @Test
    void takeALongTextWithoutASpace() {
        assertThat(features.of("x".repeat(100_000))).isNotEmpty();
    }

    @Test
    void needAtLeastTwoBuckets() {
        assertThat(new HashedFeatures(1).of("a b c")).containsExactly(0, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HashedFeatures(0))
                .withMessageContaining("2^0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HashedFeatures(31))
                .withMessageContaining("2^31");
    }
}
