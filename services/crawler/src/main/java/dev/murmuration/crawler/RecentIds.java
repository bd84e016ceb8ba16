package dev.murmuration.crawler;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The ids that a feed delivered last, so that what it sends again is dropped. Travels inside the cursor, which an event must be
 * able to hold.
 */
final class RecentIds {

    private static final int MAX_BYTES = 1 << 19;

    private final int capacity;
    private final LinkedHashSet<String> ids = new LinkedHashSet<>();
    private int bytes;

    /** The newest {@code capacity} of these, the oldest first. */
    RecentIds(int capacity, Collection<String> oldestFirst) {
        this.capacity = capacity;
        oldestFirst.forEach(this::add);
    }

    /** Remembers this id, forgetting the oldest if there are too many or they are too long. False if it is remembered already. */
    boolean add(String id) {
        if (!ids.add(id)) {
            return false;
        }
        bytes += bytes(id);
        while (ids.size() > capacity || bytes > MAX_BYTES) {
            bytes -= bytes(ids.removeFirst());
        }
        return true;
    }

    List<String> oldestFirst() {
        return List.copyOf(ids);
    }

    private static int bytes(String id) {
        return id.getBytes(StandardCharsets.UTF_8).length;
    }
}
