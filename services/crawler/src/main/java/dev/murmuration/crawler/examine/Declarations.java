package dev.murmuration.crawler.examine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.murmuration.crawler.feed.Preference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What authors have declared against the use of all their posts, by the hash of the author. Bounded: of too many, the oldest
 * are forgotten. Safe for use by many threads.
 */
public final class Declarations {

    private final int capacity;

    @GuardedBy("this")
    private final Map<String, Set<Preference>> byAuthor = new LinkedHashMap<>();

    /** Knows no declaration yet. */
    public Declarations(int capacity) {
        this.capacity = capacity;
    }

    /** Remembers what an author declared last; nothing takes back what was declared earlier. */
    public synchronized void put(String authorHash, Set<Preference> preferences) {
        byAuthor.remove(authorHash);
        if (!preferences.isEmpty()) {
            byAuthor.put(authorHash, Set.copyOf(preferences));
        }
        if (byAuthor.size() > capacity) {
            byAuthor.remove(byAuthor.keySet().iterator().next());
        }
    }

    /** What this author has declared. */
    public synchronized Set<Preference> of(String authorHash) {
        return byAuthor.getOrDefault(authorHash, Set.of());
    }
}
