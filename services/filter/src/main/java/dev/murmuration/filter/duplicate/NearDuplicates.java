package dev.murmuration.filter.duplicate;

import java.util.Arrays;

/**
 * What was kept, and in which data sets: answers where a photo would be a repetition. Two photos are the same when their bytes
 * are, or when their PDQ hashes differ in few bits and both have the quality to say something. Queries change nothing and may run
 * side by side; additions and removals may not.
 */
public final class NearDuplicates {

    /** As far as ThreatExchange takes two PDQ hashes for the same photo. */
    public static final int DISTANCE = 31;

    /** Below, ThreatExchange takes a PDQ hash for saying too little. */
    public static final int QUALITY = 50;

    private static final int NOBODY = -1;

    /** So many removed photos are let lie before any effort. */
    private static final int NOT_WORTH_IT = 1024;

    private final int quality;
    private PdqIndex index;
    /** The first photo of a chain with one slot of the hash table; -1 where there is none. */
    private int[] slots = new int[1 << 11];

    private int[] nextInSlot = new int[1024];
    private long[] bytes = new long[4 * 1024];
    private long[] keptBy = new long[1024];
    private String[] ids = new String[1024];
    private int size;
    private int removed;

    /**
     * @param distance in bits: PDQ hashes that differ by this much or less are near
     * @param quality the least PDQ quality that both must have
     */
    public NearDuplicates(int distance, int quality) {
        this.quality = quality;
        this.index = new PdqIndex(distance);
        Arrays.fill(slots, NOBODY);
    }

    /**
     * Where a photo repeats one that was kept.
     *
     * @param sets mask of the data sets
     * @param id the photo it repeats; of several the nearest, then the one that was added first; empty if none
     * @param distance in bits; 0 with the same bytes
     */
    public record Repeats(long sets, String id, int distance) {
        static final Repeats NOTHING = new Repeats(0, "", 0);
    }

    /** How many photos are remembered. */
    public int size() {
        return size - removed;
    }

    /** Remembers a photo as kept by the data sets of the mask. */
    public void add(PhotoHash photo, String id, long sets) {
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
    public void remove(PhotoHash photo, String id) {
        for (int owner = slots[slot(photo.sha256()[0])]; owner != NOBODY; owner = nextInSlot[owner]) {
            if (keptBy[owner] != 0 && hasBytes(owner, photo) && ids[owner].equals(id)) {
                keptBy[owner] = 0;
                removed++;
            }
        }
        if (removed > NOT_WORTH_IT && removed > size / 2) {
            compact();
        }
    }

    /** Frees what removed photos take. The others keep their order. */
    private void compact() {
        int[] numbers = new int[size];
        int left = 0;
        for (int owner = 0; owner < size; owner++) {
            boolean isKept = keptBy[owner] != 0;
            numbers[owner] = isKept ? left : NOBODY;
            if (isKept) {
                ids[left] = ids[owner];
                keptBy[left] = keptBy[owner];
                System.arraycopy(bytes, 4 * owner, bytes, 4 * left, 4);
                left++;
            }
        }
        size = left;
        removed = 0;
        resize(Math.max(1024, Integer.highestOneBit(Math.max(1, left)) << 1));
        index = index.renumbered(numbers);
    }

    /** Where this photo repeats one that was kept, among the data sets of the mask. */
    public Repeats find(PhotoHash photo, long sets) {
        if (size == 0) {
            return Repeats.NOTHING;
        }
        Search search = new Search(sets);
        for (int owner = slots[slot(photo.sha256()[0])]; owner != NOBODY; owner = nextInSlot[owner]) {
            if (hasBytes(owner, photo)) {
                search.met(owner, 0);
            }
        }
        if (search.sets != sets && photo.quality() >= quality) {
            index.near(photo.pdq(), search);
        }
        return search.found();
    }

    /** Sees everything that is near, so that what it names follows from what was kept and not from the order in which it is met. */
    private final class Search implements PdqIndex.Visitor {
        private final long wanted;
        private long sets;
        private int nearest = NOBODY;
        private int least = Integer.MAX_VALUE;

        Search(long wanted) {
            this.wanted = wanted;
        }

        @Override
        public boolean met(int owner, int distance) {
            long common = keptBy[owner] & wanted;
            if (common != 0) {
                sets |= common;
                if (distance < least || (distance == least && owner < nearest)) {
                    nearest = owner;
                    least = distance;
                }
            }
            return false;
        }

        Repeats found() {
            return sets == 0 ? Repeats.NOTHING : new Repeats(sets, ids[nearest], least);
        }
    }

    private boolean hasBytes(int owner, PhotoHash photo) {
        return Arrays.equals(bytes, 4 * owner, 4 * owner + 4, photo.sha256(), 0, 4);
    }

    private void grow() {
        resize(2 * ids.length);
    }

    private void resize(int capacity) {
        ids = Arrays.copyOf(ids, capacity);
        Arrays.fill(ids, size, capacity, "");
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
