package dev.murmuration.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.AuthorHash;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the crawler remembers is bounded, the oldest goes first. */
class MemoryTest {

    @Test
    void theOldestIdIsForgotten() {
        RecentIds ids = new RecentIds(2, List.of("a", "b"));

        assertThat(ids.add("a")).isFalse();
        assertThat(ids.add("c")).isTrue();
        assertThat(ids.oldestFirst()).containsExactly("b", "c");
        assertThat(ids.add("a")).isTrue();
    }

    @Test
    void noRoomRemembersNothing() {
        RecentIds ids = new RecentIds(0, List.of());

        assertThat(ids.add("a")).isTrue();
        assertThat(ids.add("a")).isTrue();
    }

    @Test
    void theOldestTweetIsForgotten() {
        SentTweets sent = new SentTweets(2);
        sent.add("1", "x");
        sent.add("2", "y");
        sent.add("3", "x");

        assertThat(sent.remove("1")).isFalse();
        assertThat(sent.removeAllOf("x")).containsExactly("3");
        assertThat(sent.remove("2")).isTrue();
        assertThat(sent.size()).isZero();
    }

    @Test
    void theSaltAndTheSourceDecideTheAuthorsHash() {
        AuthorHash authors = new AuthorHash("salt");

        assertThat(authors.of("x", "42")).hasSize(32).isEqualTo(new AuthorHash("salt").of("x", "42"));
        assertThat(authors.of("x", "42"))
                .isNotEqualTo(authors.of("x", "43"))
                .isNotEqualTo(authors.of("bluesky", "42"))
                .isNotEqualTo(new AuthorHash("pepper").of("x", "42"));
        assertThat(authors.of("x", "")).isEmpty();
    }
}
