package dev.murmuration.teacher.transformer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Cuts texts into batches of like length, none larger than a budget of tokens: a pure function of the texts' lengths. */
final class TokenBatches {

    private TokenBatches() {}

    /**
     * The batches, shortest texts first; each is the indices of its texts, in order of length and then of place.
     *
     * @param lengths tokens of each text
     * @param budget how many tokens a batch has at most; a longer text is a batch of its own
     */
    static List<int[]> of(int[] lengths, int budget) {
        return of(lengths, budget, false);
    }

    /**
     * The batches as above.
     *
     * @param padded whether each text counts as much as the longest of its batch
     */
    static List<int[]> of(int[] lengths, int budget, boolean padded) {
        int[] byLength = IntStream.range(0, lengths.length)
                .boxed()
                .sorted(Comparator.comparingInt(text -> lengths[text]))
                .mapToInt(Integer::intValue)
                .toArray();
        List<int[]> batches = new ArrayList<>();
        int from = 0;
        int tokens = 0;
        for (int at = 0; at < byLength.length; at++) {
            int more = lengths[byLength[at]];
            long all = padded ? (at - from + 1L) * more : tokens + more;
            if (at > from && all > budget) {
                batches.add(IntStream.range(from, at).map(i -> byLength[i]).toArray());
                from = at;
                tokens = 0;
            }
            tokens += more;
        }
        int begin = from;
        if (begin < byLength.length) {
            batches.add(IntStream.range(begin, byLength.length)
                    .map(i -> byLength[i])
                    .toArray());
        }
        return batches;
    }
}
