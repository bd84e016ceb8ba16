package dev.murmuration.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.crawler.feed.Post;
import dev.murmuration.crawler.photo.Refusal;
import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.Rejection;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T00:00:00Z"), ZoneOffset.UTC);
    private final SentTweets sent = new SentTweets(100);
    private final Ledger ledger = ledger(Ledger.beginning("spring"));

    @Test
    void aTweetGoesOutWithTheHashOfItsAuthor() {
        List<Outgoing> out = ledger.settle(pictured("1", new Shot.Stored(image(0))));

        assertThat(out).singleElement().isInstanceOfSatisfying(Outgoing.Tweet.class, tweet -> {
            assertThat(tweet.tweet().getId()).isEqualTo("1");
            assertThat(tweet.tweet().getAuthorHash()).isEqualTo(new AuthorHash("salt").of("recorded", "author-1"));
            assertThat(tweet.tweet().getImages()).containsExactly(image(0));
            assertThat(tweet.tweet().getSource()).isEqualTo("recorded");
            assertThat(tweet.tweet().getTag()).isEqualTo("spring");
        });
        assertThat(ledger.cursor())
                .returns(1L, Cursor::getRecords)
                .returns(1L, Cursor::getAdmitted)
                .returns(1L, Cursor::getPhotos)
                .returns("after-1", Cursor::getPosition);
    }

    @Test
    void refusedPhotosAreRejectedAndTheTweetKeepsTheOthers() {
        List<Outgoing> out = ledger.settle(pictured("1", refused(0), new Shot.Stored(image(1))));

        assertThat(out).hasSize(2);
        assertThat(out.get(0))
                .isEqualTo(new Outgoing.Rejection(
                        new Rejection("1", 0, "crawler", "image-corrupt", "cut short", CLOCK.instant())));
        assertThat(out.get(1)).isInstanceOf(Outgoing.Tweet.class);
        assertThat(ledger.cursor()).returns(1L, Cursor::getAdmitted).returns(2L, Cursor::getPhotos);
    }

    @Test
    void aPostWithoutAGoodPhotoGivesNoTweet() {
        List<Outgoing> out = ledger.settle(pictured("1", refused(0), refused(1)));

        assertThat(out).hasSize(2).allMatch(Outgoing.Rejection.class::isInstance);
        assertThat(ledger.cursor())
                .returns(0L, Cursor::getAdmitted)
                .returns(1L, Cursor::getRejected)
                .returns(2L, Cursor::getPhotos);
    }

    @Test
    void aTurnedPostIsRejectedOnceAsAWhole() {
        List<Outgoing> out = ledger.settle(turned("1"));

        assertThat(out)
                .containsExactly(new Outgoing.Rejection(
                        new Rejection("1", null, "crawler", "too-few-words", "2 words", CLOCK.instant())));
        assertThat(ledger.cursor()).returns(1L, Cursor::getRejected).returns(0L, Cursor::getPhotos);
    }

    @Test
    void whatIsSentAgainIsDropped() {
        ledger.settle(pictured("1", new Shot.Stored(image(0))));
        ledger.settle(turned("2"));

        assertThat(ledger.settle(pictured("1", new Shot.Stored(image(0))))).isEmpty();
        assertThat(ledger.settle(turned("2"))).isEmpty();
        assertThat(ledger.cursor()).returns(4L, Cursor::getRecords).returns(2L, Cursor::getDuplicates);
    }

    @Test
    void whatIsSentAgainAfterARestartIsDropped() {
        ledger.settle(pictured("1", new Shot.Stored(image(0))));
        Ledger restarted = ledger(ledger.cursor());

        assertThat(restarted.settle(pictured("1", new Shot.Stored(image(0))))).isEmpty();
    }

    @Test
    void onlyDeletionsOfTweetsThatWereSentArePassedOn() {
        ledger.settle(pictured("1", new Shot.Stored(image(0))));
        ledger.settle(turned("2"));

        assertThat(ledger.settle(new Examined.Deleted("1", "p"))).containsExactly(new Outgoing.Tombstone("1"));
        assertThat(ledger.settle(new Examined.Deleted("1", "p"))).isEmpty();
        assertThat(ledger.settle(new Examined.Deleted("2", "p"))).isEmpty();
        assertThat(ledger.cursor()).returns(3L, Cursor::getDeletions).returns("p", Cursor::getPosition);
    }

    @Test
    void anAuthorsDeletionReachesAllTheirTweets() {
        String author = new AuthorHash("salt").of("recorded", "author-1");
        ledger.settle(pictured("1", new Shot.Stored(image(0))));
        ledger.settle(pictured("2", new Shot.Stored(image(0))));

        assertThat(ledger.settle(new Examined.AuthorDeleted(author, "p"))).containsExactly(new Outgoing.Tombstone("1"));
        assertThat(sent.size()).isEqualTo(1);
    }

    @Test
    void nonsenseBecomesADeadLetterWithItsNumber() {
        byte[] raw = {1, 2};
        ledger.settle(turned("1"));

        assertThat(ledger.settle(new Examined.Malformed(raw, "not JSON", "p")))
                .containsExactly(new Outgoing.DeadLetter(raw, "not JSON", 2));
        assertThat(ledger.cursor()).returns(1L, Cursor::getMalformed);
    }

    @Test
    void theEndTellsEveryPartition() {
        assertThat(ledger.end(2))
                .containsExactly(
                        new Outgoing.End(new EndOfFeed("spring", 0, 2)),
                        new Outgoing.End(new EndOfFeed("spring", 1, 2)));
        assertThat(ledger.cursor().getEnded()).isTrue();
    }

    @Test
    void aGapIsNoRecordAndIsCountedOverRestarts() {
        assertThat(ledger.settle(new Examined.Gap(Duration.ofSeconds(90), "after-gap")))
                .isEmpty();
        Ledger next = ledger(ledger.cursor());
        next.settle(new Examined.Gap(Duration.ofMillis(1), "after-another"));

        assertThat(next.cursor())
                .returns(0L, Cursor::getRecords)
                .returns(2L, Cursor::getGaps)
                .returns(90_001L, Cursor::getGapMillis)
                .returns("after-another", Cursor::getPosition);
    }

    private Ledger ledger(Cursor from) {
        return new Ledger(from, "recorded", new AuthorHash("salt"), 10, sent, CLOCK);
    }

    private static Examined pictured(String id, Shot... shots) {
        return new Examined.Pictured(post(id), List.of(shots), "after-" + id);
    }

    private static Examined turned(String id) {
        return new Examined.Turned(post(id), new Admission.Refused("too-few-words", "2 words"), "after-" + id);
    }

    private static Post post(String id) {
        return new Post(id, "author-" + id, "en", "text", Instant.EPOCH, Instant.EPOCH, Optional.empty(), List.of());
    }

    private static Shot refused(int index) {
        return new Shot.Refused(index, new Refusal(Refusal.Reason.CORRUPT, "cut short"));
    }

    private static Image image(int index) {
        return new Image(
                index, "a.jpg", "images/aa/aa.jpg", "aa", 9L, "image/jpeg", 64, 64, ByteBuffer.allocate(32), 90);
    }
}
