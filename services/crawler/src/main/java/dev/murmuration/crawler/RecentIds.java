package dev.murmuration.crawler;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/** The ids that a feed delivered last, so that what it sends again is dropped. Travels inside the cursor. */
final class RecentIds {

    private final int capacity;
    private final LinkedHashSet<String> ids = new LinkedHashSet<>();

    /** The newest {@code capacity} of these, the oldest first. */
    RecentIds(int capacity, Collection<String> oldestFirst) {
        this.capacity = capacity;
        oldestFirst.forEach(this::add);
    }

    /** Remembers this id, forgetting the oldest if there are too many. False if it is remembered already. */
    boolean add(String id) {
        boolean isNew = ids.add(id);
        if (ids.size() > capacity) {
            ids.removeFirst();
        }
        return isNew;
    }

    List<String> oldestFirst() {
        return List.copyOf(ids);
    }
}
