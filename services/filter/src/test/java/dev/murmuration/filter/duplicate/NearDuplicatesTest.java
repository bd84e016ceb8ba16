package dev.murmuration.filter.duplicate;

import static dev.murmuration.filter.topology.Tweets.alike;
import static dev.murmuration.filter.topology.Tweets.photo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.filter.topology.Tweets;
import dev.murmuration.schemas.Image;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NearDuplicatesTest {

    /** Seeds of which no photo and no likeness share one. */
    private static final long FIRST = 1_000_000;

    private final NearDuplicates kept = new NearDuplicates(31, 50);

    @Test
    void namesTheNearestAndOfEquallyNearOnesTheFirst() {
        kept.add(hash(alike(0, 1, 20, 100)), "twenty", 1);
        kept.add(hash(alike(0, 1, 5, 100)), "five", 1);
        kept.add(hash(Tweets.flipped(0, 2, 0)), "first", 1);
        kept.add(hash(Tweets.flipped(0, 2, 100)), "second", 1);

        assertThat(kept.find(hash(photo(0, 1)), 1)).isEqualTo(new NearDuplicates.Repeats(1, "five", 5));
        assertThat(kept.find(hash(photo(0, 2)), 1)).isEqualTo(new NearDuplicates.Repeats(1, "first", 20));
    }

    @Test
    void answersForTheAskedDataSetsOnly() {
        kept.add(hash(photo(0, 1)), "a", 0b01);
        kept.add(hash(alike(0, 1, 3, 100)), "b", 0b10);

        assertThat(kept.find(hash(photo(1, 1)), 0b11)).isEqualTo(new NearDuplicates.Repeats(0b11, "a", 0));
        assertThat(kept.find(hash(photo(1, 1)), 0b10)).isEqualTo(new NearDuplicates.Repeats(0b10, "b", 3));
        assertThat(kept.find(hash(photo(1, 1)), 0b100)).isEqualTo(NearDuplicates.Repeats.NOTHING);
    }

    @Test
    void forgetsOnlyThePhotoOfThatIdAmongThoseOfTheSameBytes() {
        kept.add(hash(photo(0, 1)), "a", 0b01);
        kept.add(hash(photo(0, 1)), "b", 0b10);
        kept.remove(hash(photo(0, 1)), "a");
        kept.remove(hash(photo(0, 1)), "a");

        assertThat(kept.size()).isEqualTo(1);
        assertThat(kept.find(hash(photo(0, 1)), 0b11)).isEqualTo(new NearDuplicates.Repeats(0b10, "b", 0));
    }

    /** What is removed is freed: after far more removals than remain, everything that remains is found, and nothing else. */
    @Test
    void answersTheSameAfterManyRemovals() {
        Random random = new Random(3);
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < 6000; i++) {
            kept.add(hash(photo(0, FIRST + i)), "p" + i, 1);
            all.add(i);
        }
        Collections.shuffle(all, random);
        all.subList(0, 5000).forEach(i -> kept.remove(hash(photo(0, FIRST + i)), "p" + i));
        kept.add(hash(photo(0, FIRST + 7000)), "later", 1);

        assertThat(kept.size()).isEqualTo(1001);
        for (int i : all.subList(0, 5000)) {
            assertThat(kept.find(hash(photo(0, FIRST + i)), 1)).isEqualTo(NearDuplicates.Repeats.NOTHING);
        }
        for (int i : all.subList(5000, 6000)) {
            assertThat(kept.find(hash(alike(0, FIRST + i, 10, 100)), 1))
                    .isEqualTo(new NearDuplicates.Repeats(1, "p" + i, 10));
        }
        assertThat(kept.find(hash(photo(0, FIRST + 7000)), 1).id()).isEqualTo("later");
    }

    private static PhotoHash hash(Image image) {
        return PhotoHash.of(image.getSha256(), image.getPdq(), image.getPdqQuality());
    }
}
