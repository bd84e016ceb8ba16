package dev.murmuration.console.wall;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What authors deleted: ids of tweets and hashes of their photos, the newest ones. Safe for use by several threads. */
public final class Deletions {

    private final Set<String> tweets;
    private final Set<String> photos;

    /** Remembers up to {@code capacity} tweets and as many photos; the oldest are forgotten first. */
    public Deletions(int capacity) {
        this.tweets = newest(capacity);
        this.photos = newest(capacity);
    }

    private static Set<String> newest(int capacity) {
        return Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > capacity;
            }
        }));
    }

    /** A tweet was deleted. */
    public void tweet(String id) {
        tweets.add(id);
    }

    /** A photo of a deleted tweet. */
    public void photo(String sha256) {
        photos.add(sha256);
    }

    /** Whether this tweet was deleted. */
    public boolean hasTweet(String id) {
        return tweets.contains(id);
    }

    /** Whether this photo is of a deleted tweet. */
    public boolean hasPhoto(String sha256) {
        return photos.contains(sha256);
    }
}
