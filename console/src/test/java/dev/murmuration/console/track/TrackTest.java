package dev.murmuration.console.track;

import static dev.murmuration.console.Events.at;
import static dev.murmuration.console.Events.checkpoint;
import static dev.murmuration.console.Events.image;
import static dev.murmuration.console.Events.labelled;
import static dev.murmuration.console.Events.scored;
import static dev.murmuration.console.Events.shard;
import static dev.murmuration.console.Events.tweet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.console.Events;
import dev.murmuration.console.dataset.DataSets;
import dev.murmuration.console.training.Runs;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Tweet;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TrackTest {

    private final DataSets datasets = new DataSets();
    private final Runs runs = new Runs();
    private final Trail trail = new Trail("42", datasets, runs);
    private final Tweet tweet = tweet("42", "hello", image("photo"));
    private final ScoredTweet scored = scored(tweet, 0.05, 0.05, 0.9);

    @Test
    void followsAPhotoFromItsTweetToTheCheckpointThatHadReadIt() {
        datasets.event(shard("flat", Split.train, "shards/flat/train/0-0-a.tar", 1, 1, 1, 0, 9), at("shards", 3));
        runs.event(checkpoint("student", 10, 3), at("checkpoints", 0));
        runs.event(checkpoint("student", 30, 4), at("checkpoints", 1));

        trail.tweet(tweet, at("tweets", 1));
        trail.scored(scored, at("scored-tweets", 2));
        trail.labelled(labelled(scored, Sentiment.positive), at("labelled-images", 9));

        assertThat(trail.way().steps())
                .extracting(step -> step.stage() + ": " + step.what() + " @ " + step.where())
                .containsExactly(
                        "crawler: admitted with 1 photos @ tweets/0/1",
                        "teacher: negative 0.0500, neutral 0.0500, positive 0.9000 @ scored-tweets/0/2",
                        "filter: photo 0 labelled positive @ labelled-images/0/9",
                        "packer: in a shard of flat @ shards/0/3",
                        "trainer: run student had read it at step 30 @ checkpoints");
        assertThat(trail.way().photos()).hasSize(1);
    }

    @Test
    void putsARejectionWhereItHappened() {
        trail.rejected(new Rejection("42", 0, "filter", "unsure", "positive 0.6", Events.TIME), at("rejections", 5));
        trail.tweet(tweet, at("tweets", 1));

        assertThat(trail.way().steps())
                .extracting(TweetWay.Step::what)
                .containsExactly("admitted with 1 photos", "photo 0 refused: unsure");
    }

    @Test
    void saysOfADeletedTweetOnlyWhereItWas() {
        trail.tweet(tweet, at("tweets", 1));
        trail.scored(scored, at("scored-tweets", 2));
        trail.deleted(at("tweets", 7));

        TweetWay way = trail.way();
        assertThat(way.deleted()).isTrue();
        assertThat(way.text()).isEmpty();
        assertThat(way.photos()).isEmpty();
        assertThat(way.steps()).noneMatch(step -> step.what().contains("0.9"));
    }

    @Test
    void readsWhatSomebodyPastes() {
        String hash = "ab".repeat(32);

        assertThat(Subject.of(" 1234567 ")).isEqualTo(new Subject.Tweet("1234567"));
        assertThat(Subject.of("https://x.com/somebody/status/1234567?s=20")).isEqualTo(new Subject.Tweet("1234567"));
        assertThat(Subject.of("https://mastodon.social/@a/1234567/")).isEqualTo(new Subject.Tweet("1234567"));
        assertThat(Subject.of("did:plc:abc/3kxyz")).isEqualTo(new Subject.Tweet("did:plc:abc/3kxyz"));
        assertThat(Subject.of(hash)).isEqualTo(new Subject.Photo(hash));
        assertThat(Subject.of("images/ab/" + hash + ".jpg")).isEqualTo(new Subject.Photo(hash));
        assertThat(Subject.of("shards/flat/train/0-17-" + hash + ".tar"))
                .isEqualTo(new Subject.Shard("shards/flat/train/0-17-" + hash + ".tar"));
        assertThat(Subject.of("0123456789abcdef-1.jpg")).isEqualTo(new Subject.Sample("0123456789abcdef", 1));
    }

    @Test
    void findsBytesAtTheBeginningInTheMiddleAndAtTheEnd() {
        byte[] text = "abcabd".getBytes(StandardCharsets.US_ASCII);

        assertThat(Tracker.holds(text, "abc".getBytes(StandardCharsets.US_ASCII)))
                .isTrue();
        assertThat(Tracker.holds(text, "bca".getBytes(StandardCharsets.US_ASCII)))
                .isTrue();
        assertThat(Tracker.holds(text, "abd".getBytes(StandardCharsets.US_ASCII)))
                .isTrue();
        assertThat(Tracker.holds(text, "bdx".getBytes(StandardCharsets.US_ASCII)))
                .isFalse();
    }
}
