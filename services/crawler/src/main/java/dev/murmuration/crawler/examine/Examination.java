package dev.murmuration.crawler.examine;

import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Post;
import dev.murmuration.crawler.feed.Preference;
import dev.murmuration.crawler.photo.Fetched;
import dev.murmuration.crawler.photo.Inspected;
import dev.murmuration.crawler.photo.Inspected.Photo;
import dev.murmuration.crawler.photo.Inspection;
import dev.murmuration.crawler.photo.PhotoSource;
import dev.murmuration.crawler.photo.Refusal;
import dev.murmuration.schemas.AuthorHash;
import dev.murmuration.schemas.Image;
import dev.murmuration.stage.FaultIsolation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Admission, then fetch, inspection and storage of each photo: all that a delivery needs before its turn comes. A photo that
 * makes it fail is refused, and so is a delivery; both with their reason. Safe for use by many threads.
 */
public final class Examination {

    private static final int MAX_URL_LENGTH = 2_048;

    private final String source;
    private final Admission admission;
    private final Declarations declarations;
    private final int maxPhotos;
    private final PhotoSource photos;
    private final Inspection inspection;
    private final BiConsumer<String, Photo> store;
    private final AuthorHash authors;
    private final ByteBudget memory;

    /**
     * Needs everything that it asks.
     *
     * @param declarations those known so far; checked again when a post is settled, since one may arrive in between
     * @param maxPhotos photos that are taken of one post
     * @param memory for photos, from when their size is known until they are stored
     * @param store puts a photo under this object key unless it is there
     */
    public Examination(
            String source,
            Admission admission,
            Declarations declarations,
            int maxPhotos,
            PhotoSource photos,
            Inspection inspection,
            BiConsumer<String, Photo> store,
            AuthorHash authors,
            ByteBudget memory) {
        this.source = source;
        this.admission = admission;
        this.declarations = declarations;
        this.maxPhotos = maxPhotos;
        this.photos = photos;
        this.inspection = inspection;
        this.store = store;
        this.authors = authors;
        this.memory = memory;
    }

    /**
     * Examines a delivery.
     *
     * @throws RuntimeException if the infrastructure failed, or the caller was interrupted
     */
    public Examined examine(Delivery delivery) {
        return FaultIsolation.isolate(() -> examined(delivery), reason -> failed(delivery, reason));
    }

    private Examined examined(Delivery delivery) throws InterruptedException {
        return switch (delivery) {
            case Delivery.Posted posted -> {
                Post post = posted.post();
                Optional<Admission.Refused> refused = admission
                        .refuse(post)
                        .or(() -> admission.optedOut(declarations.of(authors.of(source, post.authorId()))));
                yield refused.isPresent()
                        ? new Examined.Rejected(post, refused.get(), posted.position())
                        : new Examined.Admitted(post, shots(post), posted.bytes(), posted.position());
            }
            case Delivery.Deleted(String id, String position) -> new Examined.Deleted(id, position);
            case Delivery.AuthorDeleted(String id, String position) ->
                new Examined.AuthorDeleted(authors.of(source, id), position);
            case Delivery.Declared(String id, Set<Preference> preferences, String position) ->
                new Examined.Declared(authors.of(source, id), preferences, position);
            case Delivery.Malformed(byte[] raw, String reason, String position) ->
                new Examined.Malformed(raw, reason, position);
            case Delivery.Gap(Instant from, Instant to, String position) ->
                new Examined.Gap(Duration.between(from, to), position);
        };
    }

    private static Examined failed(Delivery delivery, String reason) {
        byte[] raw = delivery instanceof Delivery.Posted posted ? posted.bytes() : new byte[0];
        return new Examined.Malformed(raw, reason, delivery.position());
    }

    private List<PhotoResult> shots(Post post) {
        List<PhotoResult> shots = new ArrayList<>();
        for (String url :
                post.photos().subList(0, Math.min(maxPhotos, post.photos().size()))) {
            int index = shots.size();
            shots.add(FaultIsolation.isolate(
                    () -> shot(index, url), reason -> refused(index, Refusal.Reason.CORRUPT, reason)));
        }
        return shots;
    }

    private PhotoResult shot(int index, String url) throws InterruptedException {
        if (url.isEmpty()) {
            return refused(index, Refusal.Reason.MISSING, "the feed gives no address");
        }
        if (url.length() > MAX_URL_LENGTH) {
            return refused(
                    index,
                    Refusal.Reason.BLOCKED,
                    "an address of %d characters, at most %d".formatted(url.length(), MAX_URL_LENGTH));
        }
        try (ByteBudget.Lease lease = memory.lease()) {
            return switch (photos.fetch(url, lease)) {
                case Fetched.Refused(Refusal refusal) -> new PhotoResult.Refused(index, refusal);
                case Fetched.Body(byte[] bytes) -> {
                    lease.shrinkTo(bytes.length);
                    yield inspected(index, url, bytes);
                }
            };
        }
    }

    private static PhotoResult refused(int index, Refusal.Reason reason, String detail) {
        return new PhotoResult.Refused(index, new Refusal(reason, detail));
    }

    private PhotoResult inspected(int index, String url, byte[] bytes) throws InterruptedException {
        return switch (inspection.inspect(bytes)) {
            case Inspected.Refused(Refusal refusal) -> new PhotoResult.Refused(index, refusal);
            case Photo photo -> new PhotoResult.Stored(stored(index, url, photo));
        };
    }

    private Image stored(int index, String url, Photo photo) {
        String key = "images/%s/%s.%s".formatted(photo.sha256().substring(0, 2), photo.sha256(), photo.extension());
        store.accept(key, photo);
        return new Image(
                index,
                url,
                key,
                photo.sha256(),
                (long) photo.bytes().length,
                photo.mediaType(),
                photo.width(),
                photo.height(),
                ByteBuffer.wrap(photo.pdq()),
                photo.pdqQuality());
    }
}
