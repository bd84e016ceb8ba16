package dev.murmuration.filter;

import java.util.Arrays;

/**
 * What was kept, and in which data sets: answers where a photo would be a repetition. Two photos are the same when their bytes are, or when their PDQ hashes
 * differ in few bits and both have the quality to say something. Queries change nothing and may run side by side; additions and removals may not.
 */
final class NearDuplicates {

    /** As far as ThreatExchange takes two PDQ hashes for the same photo. */
    static final int DISTANCE = 31;

    /** Below, ThreatExchange takes a PDQ hash for saying too little. */
    static final int QUALITY = 50;

    private static final int NOBODY = -1;

    private final int quality;
    private final PdqIndex index;
    /** The first photo of a chain with one slot of the hash table; -1 where there is none. */
    private int[] slots = new int[1 << 11];

    private int[] nextInSlot = new int[1024];
    private long[] bytes = new long[4 * 1024];
    private long[] keptBy = new long[1024];
    private String[] ids = new String[1024];
    private int size;

    /**
     * @param distance in bits: PDQ hashes that differ by this much or less are near
     * @param quality the least PDQ quality that both must have
     */
    NearDuplicates(int distance, int quality) {
        this.quality = quality;
        this.index = new PdqIndex(distance);
        Arrays.fill(slots, NOBODY);
    }

    /**
     * Where a photo repeats one that was kept.
     *
     * @param sets mask of the data sets
     * @param id the photo it repeats; the first one found if there are several; empty if none
     * @param distance in bits; 0 with the same bytes
     */
    record Repeats(long sets, String id, int distance) {
        static final Repeats NOTHING = new Repeats(0, "", 0);
    }

    /** How many photos were added, removed ones included. */
    int size() {
        return size;
    }

    /** Remembers a photo as kept by the data sets of the mask. */
    void add(PhotoHash photo, String id, long sets) {
        if (size == ids.length) {
            grow();
        }
        int owner = size++;
        ids[owner] = id;
        keptBy[owner] = sets;
        System.arraycopy(photo.sha256(), 0, bytes, 4 * owner, 4);
        chain(owner);
        if (photo.quality() >= quality) {
            index.add(photo.pdq(), owner);
        }
    }

    /** Forgets a photo that was added with this hash and id. */
    void remove(PhotoHash photo, String id) {
        for (int owner = slots[slot(photo.sha256()[0])]; owner != NOBODY; owner = nextInSlot[owner]) {
            if (hasBytes(owner, photo) && ids[owner].equals(id)) {
                keptBy[owner] = 0;
            }
        }
    }

    /** Where this photo repeats one that was kept, among the data sets of the mask. */
    Repeats find(PhotoHash photo, long sets) {
        Search search = new Search(sets);
        for (int owner = slots[slot(photo.sha256()[0])]; owner != NOBODY; owner = nextInSlot[owner]) {
            if (hasBytes(owner, photo) && search.met(owner, 0)) {
                return search.found;
            }
        }
        if (photo.quality() >= quality) {
            index.near(photo.pdq(), search);
        }
        return search.found;
    }

    private final class Search implements PdqIndex.Visitor {
        private final long wanted;
        private Repeats found = Repeats.NOTHING;

        Search(long wanted) {
            this.wanted = wanted;
        }

        @Override
        public boolean met(int owner, int distance) {
            long common = keptBy[owner] & wanted;
            if (common != 0) {
                found = found.sets() == 0
                        ? new Repeats(common, ids[owner], distance)
                        : new Repeats(found.sets() | common, found.id(), found.distance());
            }
            return found.sets() == wanted;
        }
    }

    private boolean hasBytes(int owner, PhotoHash photo) {
        return Arrays.equals(bytes, 4 * owner, 4 * owner + 4, photo.sha256(), 0, 4);
    }

    private void grow() {
        int capacity = 2 * ids.length;
        ids = Arrays.copyOf(ids, capacity);
        keptBy = Arrays.copyOf(keptBy, capacity);
        bytes = Arrays.copyOf(bytes, 4 * capacity);
        nextInSlot = new int[capacity];
        slots = new int[2 * capacity];
        Arrays.fill(slots, NOBODY);
        for (int owner = 0; owner < size; owner++) {
            chain(owner);
        }
    }

    private void chain(int owner) {
        int slot = slot(bytes[4 * owner]);
        nextInSlot[owner] = slots[slot];
        slots[slot] = owner;
    }

    private int slot(long firstWord) {
        return (int) firstWord & (slots.length - 1);
    }
}
