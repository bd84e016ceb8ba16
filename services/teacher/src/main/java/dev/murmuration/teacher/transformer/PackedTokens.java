package dev.murmuration.teacher.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One batch as {@code encoder.py} takes it: the tokens of all texts end to end. Rows of one matrix product are the same bits
 * whatever its other rows, but only from some hundred rows on (measured with oneDNN and MKL of libtorch 2.7.1: below, they split
 * the sums otherwise), so a small batch is filled up by a text of padding. That makes a text's scores independent of its
 * neighbours.
 */
final class PackedTokens {

    /** From here on rows do not depend on how many there are. */
    static final int LEAST_ROWS = 512;

    private final long[] ids;
    private final long[] positions;
    private final long[] groups;
    private final long[] firsts;

    private PackedTokens(long[] ids, long[] positions, long[] groups, long[] firsts) {
        this.ids = ids;
        this.positions = positions;
        this.groups = groups;
        this.firsts = firsts;
    }

    /**
     * Packs a batch.
     *
     * @param texts ids of each text, in order of length
     * @param padding id of the padding token
     * @param firstPosition position of a text's first token: 0 where padding is counted like any token, else the one after that
     *     of padding (RoBERTa)
     */
    static PackedTokens of(List<long[]> texts, long padding, long firstPosition) {
        return of(texts, padding, firstPosition, LEAST_ROWS);
    }

    /**
     * Packs a batch as above.
     *
     * @param leastRows how many rows it has at least; 0 for a GPU, where the length of the longest text matters as well
     */
    static PackedTokens of(List<long[]> texts, long padding, long firstPosition, int leastRows) {
        int tokens = texts.stream().mapToInt(text -> text.length).sum();
        int rows = Math.max(tokens, leastRows);
        long[] ids = new long[rows];
        long[] positions = new long[rows];
        long[] firsts = new long[Math.max(texts.size(), leastRows)];
        List<long[]> groups = new ArrayList<>();
        int at = 0;
        for (int t = 0; t < texts.size(); t++) {
            long[] text = texts.get(t);
            firsts[t] = at;
            long position = firstPosition;
            for (long id : text) {
                ids[at] = id;
                positions[at] = id == padding && firstPosition > 0 ? firstPosition - 1 : position++;
                at++;
            }
            if (groups.isEmpty() || groups.getLast()[1] != text.length) {
                groups.add(new long[] {0, text.length});
            }
            groups.getLast()[0]++;
        }
        if (at < rows) {
            groups.add(new long[] {1, rows - at});
            Arrays.fill(ids, at, rows, padding);
            Arrays.fill(positions, at, rows, Math.max(0, firstPosition - 1));
        }
        long[] flat = groups.stream().flatMapToLong(Arrays::stream).toArray();
        return new PackedTokens(ids, positions, flat, firsts);
    }

    /** Token ids (T). */
    long[] ids() {
        return ids;
    }

    /** Their positions (T). */
    long[] positions() {
        return positions;
    }

    /** Groups (G, 2), row by row: how many texts of which length follow each other. */
    long[] groups() {
        return groups;
    }

    /** Where each text begins (N), in the batch's order; filled up like the rows, by repetition. */
    long[] firsts() {
        return firsts;
    }

    /** A grid (2) with a row for each text, filled up to the length of the longest. */
    long[] grid() {
        long rows = 0;
        for (int g = 0; g < groups.length; g += 2) {
            rows += groups[g];
        }
        return new long[] {rows, groups[groups.length - 1]};
    }

    /** Where in that grid each token is (T). */
    long[] places() {
        long longest = grid()[1];
        long[] places = new long[ids.length];
        int at = 0;
        long row = 0;
        for (int g = 0; g < groups.length; g += 2) {
            for (long text = 0; text < groups[g]; text++, row++) {
                for (long i = 0; i < groups[g + 1]; i++) {
                    places[at++] = row * longest + i;
                }
            }
        }
        return places;
    }
}
