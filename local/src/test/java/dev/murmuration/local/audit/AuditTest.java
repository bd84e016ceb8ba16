package dev.murmuration.local.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.PerClass;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Teacher;
import dev.murmuration.schemas.Thresholds;
import dev.murmuration.schemas.Tweet;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One tweet `a` with two photos: one labelled and packed, one rejected. Each test breaks one thing. */
class AuditTest {

    private static final Instant TIME = Instant.parse("2026-11-22T00:00:00Z");
    private static final String SHARD = "shards/flat/train/0-0-aa.tar";

    private final AuditTally ledger = new AuditTally();
    private final Map<String, ShardContent> contents = new HashMap<>();
    private long teacherDone = 10;
    private long filterDone = 10;
    private long packerDone = 10;
    private long undecided;

    @Test
    void holdsWhenEveryPhotoHasOneFate() {
        sound();

        Report report = audit();

        assertThat(report.differences()).isEmpty();
        assertThat(report.photos()).isEqualTo(2);
        assertThat(report.rows())
                .containsEntry("    labelled", 1L)
                .containsEntry("    rejected", 1L)
                .containsEntry("    in flight", 0L)
                .containsEntry("    samples in shards", 1L);
    }

    @Test
    void missesAPhotoThatNoStageAccountsFor() {
        cursor(1, 1, 0, 0, 2);
        tweet("a", 0, 1);
        scored("a");
        labelled("a", 0);
        packed("a", 0);

        assertThat(found()).isEqualTo(Map.of("photos lost", List.of("a#1")));
    }

    @Test
    void waitsForAPhotoThatTheTeacherHasNotComeTo() {
        cursor(1, 1, 0, 0, 2);
        tweet("a", 0, 1);
        teacherDone = 0;

        Report report = audit();

        assertThat(report.differences()).isEmpty();
        assertThat(report.rows()).containsEntry("    in flight", 2L);
    }

    @Test
    void missesAPhotoThatTheTeacherPassedWithoutAScore() {
        cursor(1, 1, 0, 0, 1);
        tweet("a", 0);
        teacherDone = 1;
        filterDone = 0;

        assertThat(found()).isEqualTo(Map.of("photos lost", List.of("a#0")));
    }

    @Test
    void waitsForAPhotoThatTheFilterHasTakenInButNotDecided() {
        cursor(1, 1, 0, 0, 1);
        tweet("a", 0);
        scored("a");
        undecided = 1;

        assertThat(audit().ok()).isTrue();
    }

    @Test
    void noticesAPhotoWithTwoFates() {
        sound();
        rejected("a", 0, "filter", "unsure");

        assertThat(found())
                .isEqualTo(Map.of(
                        "photos with more than one fate", List.of("a#0 (labelled 1, rejected 1, dead-lettered 0)")));
    }

    @Test
    void noticesALabelThatWasWrittenTwice() {
        sound();
        labelled("a", 0);

        assertThat(found())
                .containsEntry(
                        "photos with more than one fate", List.of("a#0 (labelled 2, rejected 0, dead-lettered 0)"));
    }

    @Test
    void takesADeadLetterForTheFateOfAllPhotosOfATweet() {
        cursor(1, 1, 0, 0, 2);
        tweet("a", 0, 1);
        ledger.deadLetter("teacher", "a");

        Report report = audit();

        assertThat(report.differences()).isEmpty();
        assertThat(report.rows()).containsEntry("    dead-lettered", 2L);
    }

    @Test
    void takesALetterThatWasPutBackForNoFate() {
        sound();
        ledger.deadLetter("filter", "a");
        ledger.replayed("filter", "a");

        assertThat(found()).isEmpty();

        ledger.deadLetter("filter", "a");
        assertThat(found()).containsKey("photos with more than one fate");
    }

    @Test
    void judgesTheShardThatTookThePlaceOfAnother() {
        cursor(1, 1, 0, 0, 2);
        tweet("a", 0, 1);
        scored("a");
        labelled("a", 0);
        labelled("a", 1);
        shard(SHARD, new PhotoId("a", 0).sampleKey(), new PhotoId("a", 1).sampleKey());
        rejected("a", 1, "shards", "deleted");
        ledger.replaced(SHARD);
        contents.put(SHARD, new ShardContent.Missing());
        shard("shards/flat/train/0-0-bb.tar", new PhotoId("a", 0).sampleKey());

        assertThat(found()).isEmpty();
        assertThat(ledger.unpackedCount()).isZero();
    }

    @Test
    void noticesALabelledPhotoInNoShard() {
        sound();
        labelled("b", 0);
        tweet("b", 0);
        scored("b");
        ledger.cursor(cursorOf(2, 2, 0, 0, 3));

        assertThat(found()).isEqualTo(Map.of("labelled photos in no shard", List.of("b#0 of flat")));
    }

    @Test
    void waitsForALabelThatThePackerHasNotCutYet() {
        cursor(1, 1, 0, 0, 1);
        tweet("a", 0);
        scored("a");
        labelled("a", 0);
        packerDone = 0;

        Report report = audit();

        assertThat(report.differences()).isEmpty();
        assertThat(report.rows()).containsEntry("    samples not packed yet", 1L);
    }

    @Test
    void acceptsThatThePackerTakesALabelBack() {
        cursor(1, 1, 0, 0, 1);
        tweet("a", 0);
        scored("a");
        labelled("a", 0);
        rejected("a", 0, "shards", "deleted");

        Report report = audit();

        assertThat(report.differences()).isEmpty();
        assertThat(report.rows()).containsEntry("    rejected", 1L).containsEntry("    labelled", 0L);
    }

    @Test
    void noticesASampleThatWasPackedAlthoughItWasTakenBack() {
        sound();
        rejected("a", 0, "shards", "deleted");

        assertThat(found())
                .isEqualTo(Map.of("samples in a shard although the packer took them back", List.of("a#0 of flat")));
    }

    @Test
    void noticesASampleInTwoShards() {
        sound();
        shard("shards/flat/train/0-1-bb.tar", new PhotoId("a", 0).sampleKey());

        assertThat(found()).isEqualTo(Map.of("samples in more than one shard of a data set", List.of("a#0 of flat")));
    }

    @Test
    void noticesASampleThatNobodyLabelled() {
        sound();
        shard("shards/flat/train/0-1-bb.tar", "0123456789abcdef-0");

        assertThat(found())
                .isEqualTo(Map.of("samples in shards without a label", List.of("0123456789abcdef-0 of flat")));
    }

    @Test
    void noticesAShardThatIsNotInTheStore() {
        sound();
        contents.put(SHARD, new ShardContent.Missing());

        assertThat(found())
                .containsEntry("shards that are not in the object store", List.of(SHARD))
                .containsEntry("labelled photos in no shard", List.of("a#0 of flat"));
    }

    @Test
    void noticesAShardWithOtherBytes() {
        sound();
        contents.put(
                SHARD, new ShardContent.Found("bb", 1024, List.of(new PhotoId("a", 0).sampleKey()), Map.of(2, 1L)));

        assertThat(found()).isEqualTo(Map.of("shards whose bytes are not those of their event", List.of(SHARD)));
    }

    @Test
    void noticesAShardWithSamplesOfAnotherClass() {
        sound();
        contents.put(
                SHARD, new ShardContent.Found("aa", 1024, List.of(new PhotoId("a", 0).sampleKey()), Map.of(0, 1L)));

        assertThat(found()).isEqualTo(Map.of("shards whose samples are not those of their event", List.of(SHARD)));
    }

    @Test
    void comparesWhatTheCursorSaysWithTheTopics() {
        sound();
        ledger.cursor(cursorOf(3, 2, 1, 0, 2));

        assertThat(found())
                .isEqualTo(Map.of(
                        "tweets admitted, by the cursors and on the topic", List.of("2 and 1"),
                        "records rejected, by the cursors and on the topic", List.of("1 and 0")));
    }

    @Test
    void countsARecordWhosePhotosWereAllRefusedAsRejected() {
        cursor(1, 0, 1, 0, 2);
        rejected("a", 0, "crawler", "image-missing");
        rejected("a", 1, "crawler", "image-corrupt");

        Report report = audit();

        assertThat(report.differences()).isEmpty();
        assertThat(report.photos()).isEqualTo(2);
    }

    @Test
    void noticesARecordThatWasBothRejectedAndAdmitted() {
        sound();
        rejected("a", null, "crawler", "too-few-words");

        assertThat(found()).containsEntry("records both rejected and admitted", List.of("a"));
    }

    @Test
    void comparesMalformedRecordsWithTheDeadLetters() {
        cursor(1, 0, 0, 1, 0);

        assertThat(found())
                .isEqualTo(Map.of("malformed records, by the cursors and in the dead letters", List.of("1 and 0")));
    }

    private void sound() {
        cursor(1, 1, 0, 0, 2);
        tweet("a", 0, 1);
        scored("a");
        labelled("a", 0);
        rejected("a", 1, "filter", "unsure");
        packed("a", 0);
    }

    private Report audit() {
        AuditedRange covered = new AuditedRange(
                Map.of(),
                Map.of(),
                Map.of(
                        "teacher", Map.of("tweets", Map.of(0, teacherDone)),
                        "filter", Map.of("scored-tweets", Map.of(0, filterDone)),
                        "shard-packer", Map.of("labelled-images", Map.of(0, packerDone))),
                undecided,
                Long.MIN_VALUE);
        return Audit.of(ledger, contents, covered);
    }

    private Map<String, List<String>> found() {
        Map<String, List<String>> found = new HashMap<>();
        audit().differences().forEach(difference -> found.put(difference.what(), difference.examples()));
        return found;
    }

    private void cursor(long records, long admitted, long rejected, long malformed, long photos) {
        ledger.cursor(cursorOf(records, admitted, rejected, malformed, photos));
    }

    private static Cursor cursorOf(long records, long admitted, long rejected, long malformed, long photos) {
        return Cursor.newBuilder()
                .setFeed("recorded")
                .setPosition("1")
                .setRecentIds(List.of())
                .setRecords(records)
                .setAdmitted(admitted)
                .setRejected(rejected)
                .setDeletions(0)
                .setDuplicates(0)
                .setMalformed(malformed)
                .setPhotos(photos)
                .setAt(TIME)
                .build();
    }

    private static Tweet tweetOf(String id, int... photos) {
        return new Tweet(
                id,
                "recorded",
                "",
                "en",
                "text",
                TIME,
                TIME,
                IntStream.of(photos).mapToObj(AuditTest::image).toList(),
                "");
    }

    private static Image image(int index) {
        return new Image(index, "u", "k", "s", 1L, "image/jpeg", 64, 64, ByteBuffer.allocate(32), 100);
    }

    private void tweet(String id, int... photos) {
        ledger.tweet(tweetOf(id, photos), new RecordPosition(0, 0, TIME.toEpochMilli()));
    }

    private void scored(String id) {
        ledger.scored(
                new ScoredTweet(tweetOf(id), new Scores(0.1, 0.1, 0.8), new Teacher("t", "v"), TIME),
                new RecordPosition(0, 0, TIME.toEpochMilli()));
    }

    private void labelled(String id, int index) {
        ledger.labelled(
                new LabelledImage(
                        id,
                        "recorded",
                        "",
                        image(index),
                        null,
                        new Scores(0.1, 0.1, 0.8),
                        Sentiment.positive,
                        new Teacher("t", "v"),
                        List.of("flat"),
                        Split.train,
                        TIME,
                        TIME,
                        List.of()),
                new RecordPosition(0, 0, TIME.toEpochMilli()));
    }

    private void rejected(String id, @Nullable Integer index, String stage, String reason) {
        ledger.rejected(new Rejection(id, index, stage, reason, "", TIME));
    }

    private void packed(String id, int index) {
        shard(SHARD, new PhotoId(id, index).sampleKey());
    }

    private void shard(String key, String... samples) {
        ledger.shard(new Shard(
                "flat",
                Split.train,
                key,
                "aa",
                1024L,
                samples.length,
                new PerClass(0L, 0L, (long) samples.length),
                0,
                0L,
                0L,
                new Teacher("t", "v"),
                new Thresholds(0.7, 0.7, 0.7),
                TIME));
        contents.put(key, new ShardContent.Found("aa", 1024, List.of(samples), Map.of(2, (long) samples.length)));
    }
}
