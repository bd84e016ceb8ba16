package dev.murmuration.crawler;

import dev.murmuration.crawler.examine.Admission;
import dev.murmuration.crawler.examine.Declarations;
import dev.murmuration.crawler.examine.Examined;
import dev.murmuration.crawler.examine.PhotoResult;
import dev.murmuration.crawler.examine.Plain;
import dev.murmuration.crawler.feed.Post;
import dev.murmuration.crawler.feed.Preference;
import dev.murmuration.crawler.photo.Refusal;
import dev.murmuration.crawler.photo.Refusal.Reason;
import dev.murmuration.schemas.AuthorHash;
import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.Declaration;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.Tweet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Settles examined deliveries in the order of the feed: what is sent, what is counted, where the feed continues. A pure state
 * machine; its cursor after some deliveries is all that is needed to go on from there, apart from {@link SentTweets}, which the
 * topic itself remembers. For one thread.
 */
final class CrawlState {

    private static final String STAGE = "crawler";

    private final String feed;
    private final String source;
    private final AuthorHash authors;
    private final Admission admission;
    private final Declarations declarations;
    private final RecentIds recentIds;
    private final SentTweets sent;
    private final EventLimit limit;
    private final Clock clock;

    private String position;
    private boolean ended;
    private long records;
    private long admitted;
    private long rejected;
    private long deletions;
    private long duplicates;
    private long malformed;
    private long photos;
    private long gaps;
    private long gapMillis;

    /**
     * Resumes from this cursor.
     *
     * @param admission says which preferences are honoured
     * @param declarations those that were committed; further ones are added as they are settled
     * @param limit decides which events cannot be sent
     */
    CrawlState(
            Cursor from,
            String source,
            AuthorHash authors,
            Admission admission,
            Declarations declarations,
            int recentIds,
            SentTweets sent,
            EventLimit limit,
            Clock clock) {
        this.feed = from.getFeed();
        this.source = source;
        this.authors = authors;
        this.admission = admission;
        this.declarations = declarations;
        this.recentIds = new RecentIds(recentIds, from.getRecentIds());
        this.sent = sent;
        this.limit = limit;
        this.clock = clock;
        this.position = from.getPosition();
        this.ended = from.getEnded();
        this.records = from.getRecords();
        this.admitted = from.getAdmitted();
        this.rejected = from.getRejected();
        this.deletions = from.getDeletions();
        this.duplicates = from.getDuplicates();
        this.malformed = from.getMalformed();
        this.photos = from.getPhotos();
        this.gaps = from.getGaps();
        this.gapMillis = from.getGapMillis();
    }

    /** The cursor of a feed that was never read. */
    static Cursor beginning(String feed) {
        return Cursor.newBuilder()
                .setFeed(feed)
                .setPosition("")
                .setRecentIds(List.of())
                .setRecords(0)
                .setAdmitted(0)
                .setRejected(0)
                .setDeletions(0)
                .setDuplicates(0)
                .setMalformed(0)
                .setPhotos(0)
                .setAt(Instant.EPOCH)
                .build();
    }

    /** The records to send for this delivery. */
    List<Outgoing> settle(Examined examined) {
        records += examined instanceof Examined.Gap ? 0 : 1;
        position = examined.position();
        return switch (examined) {
            case Examined.Rejected(Post post, Admission.Refused refusal, String at) ->
                isNew(post) ? turned(post, refusal) : List.of();
            case Examined.Admitted(Post post, List<PhotoResult> shots, byte[] raw, String at) ->
                isNew(post) ? admitted(post, shots, raw) : List.of();
            case Examined.Deleted(String id, String at) -> deleted(sent.remove(id) ? List.of(id) : List.of());
            case Examined.AuthorDeleted(String author, String at) -> deleted(sent.removeAllOf(author));
            case Examined.Declared(String author, Set<Preference> preferences, String at) ->
                declared(author, preferences);
            case Examined.Malformed(byte[] raw, String reason, String at) -> malformed(raw, reason);
            case Examined.Gap(Duration length, String at) -> {
                gaps++;
                gapMillis += length.toMillis();
                yield List.of();
            }
        };
    }

    /** The records to send when a finite feed has ended: a marker for every partition of {@code tweets}. */
    List<Outgoing> end(int partitions) {
        ended = true;
        return IntStream.range(0, partitions)
                .<Outgoing>mapToObj(i -> new Outgoing.End(new EndOfFeed(feed, i, partitions)))
                .toList();
    }

    /** The state after everything settled so far. */
    Cursor cursor() {
        return Cursor.newBuilder()
                .setFeed(feed)
                .setPosition(position)
                .setRecentIds(recentIds.oldestFirst())
                .setRecords(records)
                .setAdmitted(admitted)
                .setRejected(rejected)
                .setDeletions(deletions)
                .setDuplicates(duplicates)
                .setMalformed(malformed)
                .setPhotos(photos)
                .setEnded(ended)
                .setGaps(gaps)
                .setGapMillis(gapMillis)
                .setAt(clock.instant())
                .build();
    }

    private boolean isNew(Post post) {
        boolean isNew = recentIds.add(post.id());
        duplicates += isNew ? 0 : 1;
        return isNew;
    }

    private List<Outgoing> turned(Post post, Admission.Refused refusal) {
        rejected++;
        List<Outgoing> out = new ArrayList<>();
        out.add(rejection(post, null, refusal.reason(), refusal.detail()));
        // Whatever the reason: the account says it, and with its next post at the earliest.
        if (admission.withdraws(post.preferences())) {
            out.addAll(tombstones(sent.removeAllOf(authors.of(source, post.authorId()))));
        }
        return out;
    }

    // Its author may have declared so after the post was examined.
    private List<Outgoing> admitted(Post post, List<PhotoResult> shots, byte[] raw) {
        return admission
                .optedOut(declarations.of(authors.of(source, post.authorId())))
                .map(refusal -> turned(post, refusal))
                .orElseGet(() -> pictured(post, shots, raw));
    }

    private List<Outgoing> declared(String author, Set<Preference> preferences) {
        deletions++;
        declarations.put(author, preferences);
        List<Outgoing> out = new ArrayList<>();
        out.add(new Outgoing.Declared(new Declaration(
                source,
                author,
                preferences.stream().map(Preference::wireName).sorted().toList(),
                clock.instant())));
        if (admission.withdraws(preferences)) {
            out.addAll(tombstones(sent.removeAllOf(author)));
        }
        return out;
    }

    private List<Outgoing> malformed(byte[] raw, String reason) {
        malformed++;
        byte[] kept = raw.length > limit.maxBytes() ? Arrays.copyOf(raw, limit.maxBytes()) : raw;
        String told =
                kept == raw ? reason : "%s; the first %d of its %d bytes".formatted(reason, kept.length, raw.length);
        return List.of(new Outgoing.DeadLetter(kept, told, records));
    }

    private List<Outgoing> pictured(Post post, List<PhotoResult> shots, byte[] raw) {
        List<Image> images = new ArrayList<>();
        List<Outgoing> out = new ArrayList<>();
        for (PhotoResult shot : shots) {
            switch (shot) {
                case PhotoResult.Stored(Image image) -> images.add(image);
                case PhotoResult.Refused(int index, var refusal) -> out.add(rejection(post, index, refusal));
            }
        }
        Tweet tweet = tweet(post, images);
        switch (limit.of(tweet)) {
            case EventLimit.Fits fits -> {}
            case EventLimit.TooLarge(int bytes) -> {
                Refusal refusal = new Refusal(
                        Reason.EVENT_TOO_LARGE, "an event of %d bytes, limit %d".formatted(bytes, limit.maxBytes()));
                images.forEach(image -> out.add(rejection(post, image.getIndex(), refusal)));
                images.clear();
            }
            case EventLimit.Unencodable(String reason) -> {
                return malformed(raw, reason);
            }
        }
        out.addAll(surplus(post, shots.size()));
        photos += Math.max(shots.size(), post.photos().size());
        if (images.isEmpty()) {
            rejected++;
            return out;
        }
        admitted++;
        sent.add(post.id(), tweet.getAuthorHash());
        out.add(new Outgoing.Tweet(tweet));
        return out;
    }

    private List<Outgoing> surplus(Post post, int taken) {
        int all = post.photos().size();
        Refusal refusal =
                new Refusal(Reason.TOO_MANY, "the post names %d photos, at most %d are taken".formatted(all, taken));
        return IntStream.range(taken, all)
                .mapToObj(index -> rejection(post, index, refusal))
                .toList();
    }

    private Tweet tweet(Post post, List<Image> images) {
        return new Tweet(
                post.id(),
                source,
                authors.of(source, post.authorId()),
                post.lang(),
                post.text(),
                post.createdAt(),
                post.arrivedAt(),
                List.copyOf(images),
                feed);
    }

    private Outgoing rejection(Post post, int imageIndex, Refusal refusal) {
        return rejection(post, imageIndex, refusal.reason().wireName(), refusal.detail());
    }

    private List<Outgoing> deleted(List<String> ids) {
        deletions++;
        return tombstones(ids);
    }

    private static List<Outgoing> tombstones(List<String> ids) {
        return ids.stream().<Outgoing>map(Outgoing.Tombstone::new).toList();
    }

    private Outgoing rejection(Post post, @Nullable Integer imageIndex, String reason, String detail) {
        return new Outgoing.Rejection(
                new Rejection(post.id(), imageIndex, STAGE, reason, Plain.of(detail), clock.instant()));
    }
}
