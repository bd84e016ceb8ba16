package dev.murmuration.console.rejection;

import static dev.murmuration.console.Events.TIME;
import static dev.murmuration.console.Events.at;
import static dev.murmuration.console.Events.image;
import static dev.murmuration.console.Events.scored;
import static dev.murmuration.console.Events.tweet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.console.photo.PhotoLink;
import dev.murmuration.console.wall.Deletions;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.Sha256;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RejectionsTest {

    private final Deletions deletions = new Deletions(10);
    private final ScoredTweets tweets = new ScoredTweets(2, deletions);
    private final RejectionLog log = new RejectionLog();

    private void refuse(String id, @Nullable Integer index, String reason, String detail, long seconds) {
        log.event(
                new Rejection(id, index, "filter", reason, detail, TIME.plusSeconds(seconds)),
                at("rejections", seconds));
    }

    @Test
    void countsByReasonInStepsOfFiveMinutes() {
        refuse("a", 0, "unsure", "", 0);
        refuse("b", 0, "unsure", "", 299);
        refuse("c", 0, "unsure", "", 300);
        refuse("d", 0, "deleted", "", 0);

        long start = TIME.getEpochSecond();
        assertThat(log.counts())
                .containsExactly(
                        new RejectionLog.Count("filter", "deleted", 1, Map.of(start, 1L)),
                        new RejectionLog.Count("filter", "unsure", 3, Map.of(start, 2L, start + 300, 1L)));
        assertThat(log.total()).isEqualTo(4);
    }

    @Test
    void keepsTheNewestOfEachReason() {
        for (int i = 0; i <= RejectionLog.MAX_NEWEST; i++) {
            refuse("tweet-" + i, null, "unsure", "", i);
        }

        assertThat(log.newest("filter", "unsure", 1000)).hasSize(RejectionLog.MAX_NEWEST);
        assertThat(log.newest("filter", "unsure", 1).getFirst().tweetId())
                .isEqualTo("tweet-" + RejectionLog.MAX_NEWEST);
        assertThat(log.newest("filter", "bogus", 1)).isEmpty();
    }

    @Test
    void foldsReasonsBeyondTheLimitIntoOne() {
        for (int i = 0; i < RejectionLog.MAX_REASONS + 5; i++) {
            refuse("tweet", null, "reason-" + i, "", i);
        }

        assertThat(log.counts())
                .hasSize(RejectionLog.MAX_REASONS + 1)
                .anySatisfy(count -> assertThat(count.reason() + count.count()).isEqualTo("other5"));
    }

    @Test
    void showsADuplicateBesideItsOriginal() {
        tweets.event(scored(tweet("7:original", "first", image("one")), 0, 0, 1), at("scored-tweets", 1));
        tweets.event(scored(tweet("8", "again", image("two")), 0, 0, 1), at("scored-tweets", 2));
        refuse("8", 0, "near-duplicate", "repeats 7:original/0, PDQ distance 12", 3);

        RejectedPhoto rejected =
                RejectedPhoto.of(log.newest("filter", "near-duplicate", 1).getFirst(), tweets);

        assertThat(rejected.photo()).isEqualTo("/photos/" + Sha256.hex("two") + ".png");
        assertThat(rejected.original()).isEqualTo("/photos/" + Sha256.hex("one") + ".png");
        assertThat(rejected.originalId()).isEqualTo("7:original");
        assertThat(rejected.distance()).isEqualTo(12);
    }

    @Test
    void showsADeletedTweetNoMore() {
        tweets.event(scored(tweet("8", "text", image("two")), 0, 0, 1), at("scored-tweets", 2));
        refuse("8", 0, "unsure", "positive 0.6 exceeds no data set's threshold", 3);

        tweets.deleted("8");

        RejectedPhoto rejected =
                RejectedPhoto.of(log.newest("filter", "unsure", 1).getFirst(), tweets);
        assertThat(rejected.tweet()).isNull();
        assertThat(rejected.photo()).isNull();
        assertThat(deletions.hasPhoto(Sha256.hex("two"))).isTrue();
    }

    @Test
    void forgetsTheOldestScoredTweetFirst() {
        for (String id : new String[] {"1", "2", "3"}) {
            tweets.event(scored(tweet(id, "text", image(id)), 0, 0, 1), at("scored-tweets", 1));
        }

        assertThat(tweets.of("1")).isEmpty();
        assertThat(tweets.of("2")).isPresent();
    }

    @Test
    void addressesNoObjectButPhotos() {
        String name = "ab" + "0".repeat(62) + ".jpg";

        assertThat(PhotoLink.of("images/ab/" + name)).isEqualTo("/photos/" + name);
        assertThat(PhotoLink.of("images/cd/" + name)).isEmpty();
        assertThat(PhotoLink.of("shards/flat/train/0-0-" + name)).isEmpty();
        assertThat(PhotoLink.key(name)).contains("images/ab/" + name);
        assertThat(PhotoLink.key("../" + name)).isEmpty();
        assertThat(PhotoLink.key(name.replace("0", "/"))).isEmpty();
    }

    @Test
    void showsTextAsTextAndBytesAsNumbers() {
        assertThat(DeadLetterLog.shown("{\"id\": 1}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEqualTo("{\"id\": 1}");
        assertThat(DeadLetterLog.shown(new byte[] {0, 1, (byte) 0xff})).isEqualTo("00 01 ff");
        assertThat(DeadLetterLog.shown(new byte[1000])).endsWith("00 …").hasSize(133 * 3 + 1);
    }
}
