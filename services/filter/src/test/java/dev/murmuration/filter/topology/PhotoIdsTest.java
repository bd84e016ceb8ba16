package dev.murmuration.filter.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PhotoIdsTest {

    private final PhotoIds ids = new PhotoIds();

    @Test
    void holdsEveryPhotoThatWasAdded() {
        IntStream.range(0, 100_000).forEach(i -> ids.add("1516%d/%d".formatted(i, i % 4)));

        assertThat(IntStream.range(0, 100_000)).allMatch(i -> ids.mayHold("1516%d/%d".formatted(i, i % 4)));
    }

    @Test
    void knowsThatOthersWereNotAdded() {
        IntStream.range(0, 100_000).forEach(i -> ids.add("1516%d/0".formatted(i)));

        // Of 100,000 others, one in 10^9 runs would meet a hash of theirs.
        assertThat(IntStream.range(0, 100_000)).noneMatch(i -> ids.mayHold("1516%d/1".formatted(i)));
    }

    @Test
    void beginsAnewOnceHalfOfThemAreForgotten() {
        IntStream.range(0, 10_000).forEach(i -> ids.add("photo %d".formatted(i)));

        assertThat(IntStream.range(0, 5_000)).noneMatch(i -> ids.forgot());
        assertThat(ids.forgot()).isTrue();

        ids.clear();
        assertThat(ids.mayHold("photo 1")).isFalse();
    }

    @Test
    void addingTwiceIsAddingOnce() {
        IntStream.range(0, 10_000).forEach(i -> ids.add("one photo"));
        IntStream.range(0, 2_048).forEach(i -> assertThat(ids.forgot()).isFalse());

        assertThat(ids.mayHold("one photo")).isTrue();
        assertThat(ids.forgot()).isTrue();
    }
}
