package dev.murmuration.crawler.feed;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A post, independent of the network.
 *
 * @param id unique within its feed
 * @param authorId the author's id at the network, or empty where the feed names none; it never leaves the crawler
 * @param lang language by the network's own guess, or empty
 * @param text as it was sent
 * @param createdAt when it was posted, as claimed by its author, if that is plausible
 * @param arrivedAt when the feed delivered it; never the author's claim
 * @param reference its relation to another post (retweeted, quoted, replied_to); empty for a post of its own
 * @param photos addresses of its photos in their order; an empty address stands for a photo that the feed does not show
 * @param preferences what its author says against its use
 */
public record Post(
        String id,
        String authorId,
        String lang,
        String text,
        Instant createdAt,
        Instant arrivedAt,
        Optional<String> reference,
        List<String> photos,
        Set<Preference> preferences) {

    /** Copies list and set. */
    public Post {
        photos = List.copyOf(photos);
        preferences = Set.copyOf(preferences);
    }

    /** A post of a network that has no such preferences. */
    public Post(
            String id,
            String authorId,
            String lang,
            String text,
            Instant createdAt,
            Instant arrivedAt,
            Optional<String> reference,
            List<String> photos) {
        this(id, authorId, lang, text, createdAt, arrivedAt, reference, photos, Set.of());
    }
}
