package dev.murmuration.filter.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrackCommandTest {

    @ParameterizedTest
    @CsvSource({
        "1900000000000000062, tweet, 1900000000000000062",
        "https://x.com/a/status/1900000000000000062?s=20, tweet, 1900000000000000062",
        "at://did:plc:abc/app.bsky.feed.post/3k, tweet, at://did:plc:abc/app.bsky.feed.post/3k",
        "shards/flat/train/0-0-16.tar, shard, shards/flat/train/0-0-16.tar",
        "3be28bb529fe08e00f4ec2ba12eceb4aceea9f8b2679baac564281e2ed6c5453, photo, 3be28bb529fe08e00f4ec2ba12eceb4aceea9f8b2679baac564281e2ed6c5453"
    })
    void seesWhatAnIdIsOf(String typed, String kind, String id) {
        assertThat(TrackCommand.subject(typed)).isEqualTo(id);
        assertThat(TrackCommand.kind(TrackCommand.subject(typed))).isEqualTo(kind);
    }
}
