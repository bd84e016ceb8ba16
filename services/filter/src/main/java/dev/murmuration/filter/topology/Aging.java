package dev.murmuration.filter.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Which kept photos are too old to be repeated: those whose tweet is more than a limit older than that of the photo being
 * decided. It follows from what is kept and that photo alone, so a restart changes nothing.
 */
final class Aging {

    private final long limit;
    private final PriorityQueue<Photo> oldestFirst = new PriorityQueue<>(Comparator.comparingLong(Photo::at));

    Aging(Duration limit) {
        this.limit = limit.toMillis();
    }

    /**
     * A kept photo.
     *
     * @param at its {@link AcceptedPhoto#at}
     * @param order its {@link AcceptedPhoto#order}
     */
    record Photo(String id, long at, long order) {}

    void kept(Photo photo) {
        oldestFirst.add(photo);
    }

    /** Takes out what is too old now. Some of it may have been forgotten for another reason, or been kept again since. */
    List<Photo> takeOld(long now) {
        List<Photo> old = new ArrayList<>();
        // Before the limit itself nothing is too old.
        long from = Math.max(now, Long.MIN_VALUE + limit) - limit;
        for (Photo oldest = oldestFirst.peek(); oldest != null && oldest.at() < from; oldest = oldestFirst.peek()) {
            old.add(oldestFirst.remove());
        }
        return old;
    }
}
