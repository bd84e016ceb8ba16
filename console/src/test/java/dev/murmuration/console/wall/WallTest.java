package dev.murmuration.console.wall;

import static dev.murmuration.console.Events.at;
import static dev.murmuration.console.Events.labelled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.Sha256;
import org.junit.jupiter.api.Test;

class WallTest {

    private final Deletions deletions = new Deletions(10);
    private final Wall wall = new Wall(3, deletions);

    @Test
    void showsTheNewestFirstAndNoMoreThanItsCapacity() {
        for (int i = 1; i <= 4; i++) {
            wall.event(labelled("tweet-" + i, "text"), at("labelled-images", i));
        }

        assertThat(wall.newest(60)).extracting(LabelledPhoto::tweetId).containsExactly("tweet-4", "tweet-3", "tweet-2");
        assertThat(wall.newest(1)).hasSize(1);
        assertThat(wall.labelled()).isEqualTo(4);
    }

    @Test
    void takesADeletedTweetAndItsPhotoAway() {
        wall.event(labelled("kept", "text"), at("labelled-images", 1));
        wall.event(labelled("gone", "text"), at("labelled-images", 2));

        wall.deleted("gone");

        assertThat(wall.newest(60)).extracting(LabelledPhoto::tweetId).containsExactly("kept");
        assertThat(deletions.hasPhoto(Sha256.hex("gone"))).isTrue();
        assertThat(deletions.hasPhoto(Sha256.hex("kept"))).isFalse();
    }

    @Test
    void neverShowsATweetWhoseDeletionCameBeforeItsLabel() {
        wall.deleted("gone");

        wall.event(labelled("gone", "text"), at("labelled-images", 1));

        assertThat(wall.newest(60)).isEmpty();
        assertThat(deletions.hasPhoto(Sha256.hex("gone"))).isTrue();
    }

    @Test
    void forgetsTheOldestDeletionsFirst() {
        for (int i = 0; i <= 10; i++) {
            deletions.tweet("tweet-" + i);
        }

        assertThat(deletions.hasTweet("tweet-0")).isFalse();
        assertThat(deletions.hasTweet("tweet-1")).isTrue();
    }
}
