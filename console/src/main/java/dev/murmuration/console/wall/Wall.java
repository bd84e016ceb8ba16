package dev.murmuration.console.wall;

import dev.murmuration.console.topic.EventListener;
import dev.murmuration.console.topic.Position;
import dev.murmuration.schemas.LabelledImage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The newest labelled photos. A tweet that its author deletes is gone from it at once, also when its label arrives only then.
 * Safe for use by several threads.
 */
public final class Wall implements EventListener<LabelledImage> {

    private final int capacity;
    private final Deletions deletions;
    private final Deque<LabelledPhoto> photos = new ArrayDeque<>();
    private long labelled;

    /** Holds up to {@code capacity} photos. */
    public Wall(int capacity, Deletions deletions) {
        this.capacity = capacity;
        this.deletions = deletions;
    }

    @Override
    public synchronized void event(LabelledImage image, Position position) {
        labelled++;
        if (deletions.hasTweet(image.getTweetId())) {
            deletions.photo(image.getImage().getSha256());
            return;
        }
        photos.addFirst(LabelledPhoto.of(image, position));
        if (photos.size() > capacity) {
            photos.removeLast();
        }
    }

    @Override
    public synchronized void deleted(String tweetId) {
        deletions.tweet(tweetId);
        photos.removeIf(photo -> {
            boolean gone = photo.tweetId().equals(tweetId);
            if (gone) {
                deletions.photo(photo.sha256());
            }
            return gone;
        });
    }

    /** Up to {@code most} photos, newest first. */
    public synchronized List<LabelledPhoto> newest(int most) {
        return photos.stream().limit(most).toList();
    }

    /** Events that were read, deleted tweets included. */
    public synchronized long labelled() {
        return labelled;
    }
}
