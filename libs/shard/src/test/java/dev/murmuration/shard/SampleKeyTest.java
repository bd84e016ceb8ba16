package dev.murmuration.shard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SampleKeyTest {

    /** The first 16 digits of what sha256sum says of the ids. */
    @Test
    void startsWithTheHashOfTheTweet() {
        assertThat(SampleKey.of("460000000000004994", 0)).hasToString("19081801251f4fb2-0");
        assertThat(SampleKey.of("at://did:plc:x/app.bsky.feed.post/3k", 2)).hasToString("e37f86e5415821f6-2");
    }
}
