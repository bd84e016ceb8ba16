package dev.murmuration.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.crawler.examine.Admission;
import dev.murmuration.crawler.examine.Declarations;
import dev.murmuration.crawler.examine.Examined;
import dev.murmuration.crawler.examine.PhotoResult;
import dev.murmuration.crawler.feed.Post;
import dev.murmuration.crawler.feed.Preference;
import dev.murmuration.crawler.photo.Refusal;
import dev.murmuration.schemas.AuthorHash;
import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.Declaration;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.Rejection;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrawlStateTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T00:00:00Z"), ZoneOffset.UTC);
    private static final int LIMIT = 2_000;
    private static final byte[] RAW = {'{', '}'};

    private static final Admission ADMISSION =
            new Admission(Set.of("en"), 5, Set.of(Preference.NOINDEX, Preference.LABELS, Preference.BULK_DATASET));
    private static final String AUTHOR = new AuthorHash("salt").of("recorded", "author-1");

    private final SentTweets sent = new SentTweets(100);
    private final Declarations declarations = new Declarations(10);
    private final CrawlState ledger = ledger(CrawlState.beginning("spring"));

    @Test
    void aTweetGoesOutWithTheHashOfItsAuthor() {
        List<Outgoing> out = ledger.settle(pictured("1", new PhotoResult.Stored(image(0))));

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
        List<Outgoing> out = ledger.settle(pictured("1", refused(0), new PhotoResult.Stored(image(1))));

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
    void aRefusedPostIsRejectedOnceAsAWhole() {
        List<Outgoing> out = ledger.settle(turned("1"));

        assertThat(out)
                .containsExactly(new Outgoing.Rejection(
                        new Rejection("1", null, "crawler", "too-few-words", "2 words", CLOCK.instant())));
        assertThat(ledger.cursor()).returns(1L, Cursor::getRejected).returns(0L, Cursor::getPhotos);
    }

    @Test
    void whatIsSentAgainIsDropped() {
        ledger.settle(pictured("1", new PhotoResult.Stored(image(0))));
        ledger.settle(turned("2"));

        assertThat(ledger.settle(pictured("1", new PhotoResult.Stored(image(0)))))
                .isEmpty();
        assertThat(ledger.settle(turned("2"))).isEmpty();
        assertThat(ledger.cursor()).returns(4L, Cursor::getRecords).returns(2L, Cursor::getDuplicates);
    }

    @Test
    void whatIsSentAgainAfterARestartIsDropped() {
        ledger.settle(pictured("1", new PhotoResult.Stored(image(0))));
        CrawlState restarted = ledger(ledger.cursor());

        assertThat(restarted.settle(pictured("1", new PhotoResult.Stored(image(0)))))
                .isEmpty();
    }

    @Test
    void onlyDeletionsOfTweetsThatWereSentArePassedOn() {
        ledger.settle(pictured("1", new PhotoResult.Stored(image(0))));
        ledger.settle(turned("2"));

        assertThat(ledger.settle(new Examined.Deleted("1", "p"))).containsExactly(new Outgoing.Tombstone("1"));
        assertThat(ledger.settle(new Examined.Deleted("1", "p"))).isEmpty();
        assertThat(ledger.settle(new Examined.Deleted("2", "p"))).isEmpty();
        assertThat(ledger.cursor()).returns(3L, Cursor::getDeletions).returns("p", Cursor::getPosition);
    }

    @Test
    void anAuthorsDeletionReachesAllTheirTweets() {
        String author = new AuthorHash("salt").of("recorded", "author-1");
        ledger.settle(pictured("1", new PhotoResult.Stored(image(0))));
        ledger.settle(pictured("2", new PhotoResult.Stored(image(0))));

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
    void photosBehindThoseThatAreTakenAreRefusedOneByOne() {
        Post post = post("1", "text", Instant.EPOCH, 5_000);

        List<Outgoing> out = ledger.settle(pictured(post, new PhotoResult.Stored(image(0)), refused(1)));

        assertThat(out).hasSize(5_000);
        assertThat(reasons(out).get("image-corrupt")).containsExactly(1);
        assertThat(reasons(out).get("too-many-photos"))
                .isEqualTo(IntStream.range(2, 5_000).boxed().toList());
        assertThat(out.getLast())
                .isInstanceOfSatisfying(
                        Outgoing.Tweet.class,
                        tweet -> assertThat(tweet.tweet().getImages()).containsExactly(image(0)));
        assertThat(ledger.cursor()).returns(1L, Cursor::getAdmitted).returns(5_000L, Cursor::getPhotos);
    }

    @Test
    void anEventThatIsTooLargeTurnsIntoRefusalsOfItsPhotos() {
        Post fits = post("1", "x".repeat(1_600), Instant.EPOCH, 3);
        Post tooLarge = post("2", "x".repeat(2_000), Instant.EPOCH, 3);
        PhotoResult[] shots = {new PhotoResult.Stored(image(0)), refused(1), new PhotoResult.Stored(image(2))};
        assertThat(reasons(ledger.settle(pictured(fits, shots)))).containsOnlyKeys("image-corrupt");

        List<Outgoing> out = ledger.settle(pictured(tooLarge, shots));

        assertThat(reasons(out)).isEqualTo(Map.of("image-corrupt", List.of(1), "event-too-large", List.of(0, 2)));
        assertThat(ledger.cursor())
                .returns(2L, Cursor::getRecords)
                .returns(1L, Cursor::getAdmitted)
                .returns(1L, Cursor::getRejected)
                .returns(6L, Cursor::getPhotos);
        assertThat(sent.remove("2")).isFalse();
    }

    @Test
    void anEventThatCannotBeEncodedIsADeadLetter() {
        Post post = post("1", "text", Instant.MAX, 1);

        List<Outgoing> out = ledger.settle(pictured(post, new PhotoResult.Stored(image(0))));

        assertThat(out).singleElement().isInstanceOfSatisfying(Outgoing.DeadLetter.class, letter -> {
            assertThat(letter.raw()).isEqualTo(RAW);
            assertThat(letter.reason()).startsWith("its event cannot be encoded: ArithmeticException: long overflow");
        });
        assertThat(ledger.cursor())
                .returns(1L, Cursor::getRecords)
                .returns(1L, Cursor::getMalformed)
                .returns(0L, Cursor::getPhotos);
    }

    @Test
    void aDeadLetterIsNoLargerThanAnEvent() {
        List<Outgoing> out = ledger.settle(new Examined.Malformed(new byte[LIMIT + 1], "no post", "after"));

        assertThat(out).singleElement().isInstanceOfSatisfying(Outgoing.DeadLetter.class, letter -> {
            assertThat(letter.raw()).hasSize(LIMIT);
            assertThat(letter.reason()).isEqualTo("no post; the first 2000 of its 2001 bytes");
        });
    }

    @Test
    void theCursorFitsIntoAnEventHoweverLongTheIdsAre() throws Exception {
        CrawlState roomy = new CrawlState(
                CrawlState.beginning("spring"),
                "recorded",
                new AuthorHash("salt"),
                ADMISSION,
                new Declarations(10),
                20_000,
                sent,
                new EventLimit(LIMIT),
                CLOCK);
        for (int i = 0; i < 20_000; i++) {
            roomy.settle(turned("語".repeat(250) + i));
        }

        assertThat(roomy.cursor().toByteBuffer().remaining()).isLessThan(600_000);
        assertThat(roomy.cursor().getRecentIds()).contains("語".repeat(250) + 19_999);
    }

    private static Map<String, List<Integer>> reasons(List<Outgoing> out) {
        Map<String, List<Integer>> reasons = new HashMap<>();
        for (Outgoing each : out) {
            if (each instanceof Outgoing.Rejection(Rejection rejection)) {
                reasons.computeIfAbsent(rejection.getReason(), unused -> new ArrayList<>())
                        .add(rejection.getImageIndex());
            }
        }
        return reasons;
    }

    @Test
    void aDeclarationTakesBackWhatItsAuthorPostedAndKeepsOutWhatFollows() {
        ledger.settle(pictured("1", new PhotoResult.Stored(image(0))));

        assertThat(ledger.settle(declared(Preference.BULK_DATASET)))
                .containsExactly(
                        new Outgoing.Declared(
                                new Declaration("recorded", AUTHOR, List.of("bulk-dataset"), CLOCK.instant())),
                        new Outgoing.Tombstone("1"));
        // It was examined before the declaration was settled.
        assertThat(ledger.settle(pictured(postOf("9", Set.of()), new PhotoResult.Stored(image(0)))))
                .containsExactly(new Outgoing.Rejection(
                        new Rejection("9", null, "crawler", "opted-out", "bulk-dataset", CLOCK.instant())));
        assertThat(ledger.cursor()).returns(1L, Cursor::getDeletions).returns(1L, Cursor::getRejected);
    }

    @Test
    void aDeclarationThatIsTakenBackLetsPostsInAgain() {
        ledger.settle(declared(Preference.BULK_DATASET));
        ledger.settle(declared());

        assertThat(ledger.settle(pictured("1", new PhotoResult.Stored(image(0)))))
                .singleElement()
                .isInstanceOf(Outgoing.Tweet.class);
    }

    @Test
    void aDeclarationThatIsNotHonouredIsRememberedAndTakesNothingBack() {
        ledger.settle(pictured("1", new PhotoResult.Stored(image(0))));

        assertThat(ledger.settle(declared(Preference.SYNTHETIC_CONTENT_GENERATION)))
                .singleElement()
                .isInstanceOf(Outgoing.Declared.class);
        assertThat(declarations.of(AUTHOR)).containsExactly(Preference.SYNTHETIC_CONTENT_GENERATION);
    }

    @Test
    void anAccountThatOptsOutTakesBackWhatItPostedWhateverTheReasonOfTheRefusal() {
        ledger.settle(pictured("1", new PhotoResult.Stored(image(0))));
        Post next = postOf("9", Set.of(Preference.NOINDEX));

        assertThat(ledger.settle(
                        new Examined.Rejected(next, new Admission.Refused("not-english", "language 'it'"), "after-9")))
                .hasSize(2)
                .endsWith(new Outgoing.Tombstone("1"));
    }

    @Test
    void aLabelIsOfOnePost() {
        ledger.settle(pictured("1", new PhotoResult.Stored(image(0))));
        Post next = postOf("9", Set.of(Preference.LABELS));

        assertThat(ledger.settle(new Examined.Rejected(next, new Admission.Refused("opted-out", "labels"), "after-9")))
                .singleElement()
                .isInstanceOf(Outgoing.Rejection.class);
    }

    private static Examined declared(Preference... preferences) {
        return new Examined.Declared(AUTHOR, Set.of(preferences), "p");
    }

    private static Post postOf(String id, Set<Preference> preferences) {
        return new Post(
                id,
                "author-1",
                "en",
                "text",
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.empty(),
                List.of("a.jpg"),
                preferences);
    }

    @Test
    void aGapIsNoRecordAndIsCountedOverRestarts() {
        assertThat(ledger.settle(new Examined.Gap(Duration.ofSeconds(90), "after-gap")))
                .isEmpty();
        CrawlState next = ledger(ledger.cursor());
        next.settle(new Examined.Gap(Duration.ofMillis(1), "after-another"));

        assertThat(next.cursor())
                .returns(0L, Cursor::getRecords)
                .returns(2L, Cursor::getGaps)
                .returns(90_001L, Cursor::getGapMillis)
                .returns("after-another", Cursor::getPosition);
    }

    private CrawlState ledger(Cursor from) {
        return new CrawlState(
                from,
                "recorded",
                new AuthorHash("salt"),
                ADMISSION,
                declarations,
                10,
                sent,
                new EventLimit(LIMIT),
                CLOCK);
    }

    private static Examined pictured(String id, PhotoResult... shots) {
        return pictured(post(id), shots);
    }

    private static Examined pictured(Post post, PhotoResult... shots) {
        return new Examined.Admitted(post, List.of(shots), RAW, "after-" + post.id());
    }

    private static Examined turned(String id) {
        return new Examined.Rejected(post(id), new Admission.Refused("too-few-words", "2 words"), "after-" + id);
    }

    private static Post post(String id) {
        return post(id, "text", Instant.EPOCH, 0);
    }

    private static Post post(String id, String text, Instant createdAt, int photos) {
        return new Post(
                id,
                "author-" + id,
                "en",
                text,
                createdAt,
                Instant.EPOCH,
                Optional.empty(),
                Collections.nCopies(photos, "a.jpg"));
    }

    private static PhotoResult refused(int index) {
        return new PhotoResult.Refused(index, new Refusal(Refusal.Reason.CORRUPT, "cut short"));
    }

    private static Image image(int index) {
        return new Image(
                index, "a.jpg", "images/aa/aa.jpg", "aa", 9L, "image/jpeg", 64, 64, ByteBuffer.allocate(32), 90);
    }
}
