package dev.murmuration.crawler;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tweets that were sent last and not deleted since, with their authors' hashes: deletions are passed on only for these.
 * Bounded; a deletion of an older tweet cannot be told from one of a post that was never admitted, and is only counted.
 */
final class SentTweets {

    private final int capacity;
    private final LinkedHashMap<String, String> authorById = new LinkedHashMap<>();

    SentTweets(int capacity) {
        this.capacity = capacity;
    }

    void add(String id, String authorHash) {
        authorById.put(id, authorHash);
        if (authorById.size() > capacity) {
            authorById.pollFirstEntry();
        }
    }

    /** Forgets this tweet. False if it is not known. */
    boolean remove(String id) {
        return authorById.remove(id) != null;
    }

    /** Forgets all tweets of this author, and says which they were. */
    List<String> removeAllOf(String authorHash) {
        List<String> ids = authorById.entrySet().stream()
                .filter(entry -> entry.getValue().equals(authorHash))
                .map(Map.Entry::getKey)
                .toList();
        ids.forEach(authorById::remove);
        return ids;
    }

    int size() {
        return authorById.size();
    }
}
