package dev.murmuration.crawler.feed;

import dev.murmuration.crawler.photo.PhotoSource;

/** A stream of posts that can be read again from any position it ever gave out. */
public interface Feed {

    /** Returns the feed's kind, as a `Tweet` names its source: recorded, simulator and so on. */
    String source();

    /**
     * Deliveries from right after this position on.
     *
     * @param position of the last delivery that was kept, or an empty string for the beginning
     * @throws PositionException if the position belongs to something else than this feed
     */
    Deliveries after(String position);

    /** Where this feed's photos are fetched from. */
    PhotoSource photos();
}
