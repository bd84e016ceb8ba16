package dev.murmuration.crawler.feed;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What somebody posted, in the words of no particular network.
 *
 * @param id unique within its feed
 * @param authorId the author's id at the network, or empty where the feed names none; it never leaves the crawler
 * @param lang language by the network's own guess, or empty
 * @param text as it was sent
 * @param createdAt when it was posted by its author's word, as far as that can be true
 * @param arrivedAt when the feed handed it over: never its author's word
 * @param reference what kind of post it is to another one (retweeted, quoted, replied_to); empty for a post of its own
 * @param photos addresses of its photos in their order; an empty address is a photo that the feed does not show
 */
public record Post(
        String id,
        String authorId,
        String lang,
        String text,
        Instant createdAt,
        Instant arrivedAt,
        Optional<String> reference,
        List<String> photos) {

    /** Copies the list. */
    public Post {
        photos = List.copyOf(photos);
    }
}
