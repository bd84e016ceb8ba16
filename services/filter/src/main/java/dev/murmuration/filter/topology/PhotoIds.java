package dev.murmuration.filter.topology;

/**
 * Which photos may have been kept, so that the store is asked only about those: what is not here was not kept; what is here may
 * have been forgotten since, or only have the hash of another one. 16 to 32 bytes a photo.
 */
final class PhotoIds {

    /** As a hash it would be an empty slot. */
    private static final long NOTHING = 0;

    private static final int FIRST_SLOTS = 1 << 11;

    private long[] slots = new long[FIRST_SLOTS];
    private int size;
    private int forgotten;

    /** Takes note that a photo which was added is no more, and returns whether so many are that it is worth while to begin anew. */
    boolean forgot() {
        forgotten++;
        return forgotten > FIRST_SLOTS && forgotten > size / 2;
    }

    /** Forgets everything. */
    void clear() {
        slots = new long[FIRST_SLOTS];
        size = 0;
        forgotten = 0;
    }

    void add(String photo) {
        if (size >= slots.length / 2) {
            grow();
        }
        put(hash(photo));
    }

    /** Whether this photo may have been added; false is certain. */
    boolean mayHold(String photo) {
        long hash = hash(photo);
        return slots[place(hash)] == hash;
    }

    private void put(long hash) {
        int place = place(hash);
        if (slots[place] == NOTHING) {
            slots[place] = hash;
            size++;
        }
    }

    /** Where this hash is, or would be. */
    private int place(long hash) {
        int place = (int) hash & (slots.length - 1);
        while (slots[place] != NOTHING && slots[place] != hash) {
            place = (place + 1) & (slots.length - 1);
        }
        return place;
    }

    private void grow() {
        long[] before = slots;
        slots = new long[2 * before.length];
        size = 0;
        for (long hash : before) {
            if (hash != NOTHING) {
                put(hash);
            }
        }
    }

    /** FNV-1a over the characters, its bits mixed so that the low ones tell ids apart that differ in their ends. */
    private static long hash(String photo) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < photo.length(); i++) {
            hash = (hash ^ photo.charAt(i)) * 0x100000001b3L;
        }
        hash ^= hash >>> 32;
        hash *= 0x9e3779b97f4a7c15L;
        hash ^= hash >>> 29;
        return hash == NOTHING ? 1 : hash;
    }
}
