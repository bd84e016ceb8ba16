package dev.murmuration.teacher.hashed;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the fast bundled teacher sees of a text: words, pairs (also with one word between) and triples of words, words in the
 * scope of a negation, pieces of 3 to 6 letters inside each word, and a few counts, each hashed to one of {@code 2^bits} buckets
 * (feature hashing: Weinberger et al., ICML 2009; negation and counts as in Mohammad et al., SemEval 2013). Training and scoring
 * share this one class; whatever changes here makes the weights worthless.
 */
public final class HashedFeatures {

    private static final int SHORTEST_PIECE = 3;
    private static final int LONGEST_PIECE = 6;
    private static final Set<String> NEGATIONS = Set.of(
            "not",
            "no",
            "never",
            "cannot",
            "cant",
            "dont",
            "doesnt",
            "didnt",
            "isnt",
            "wasnt",
            "wont",
            "wouldnt",
            "aint",
            "nothing",
            "without",
            "none",
            "nobody",
            "hardly",
            "arent",
            "couldnt",
            "shouldnt",
            "havent",
            "hasnt");

    // One seed a kind of feature, so that the word "ab" and the piece "ab" are different features.
    private static final long WORD = 1;
    private static final long PAIR = 2;
    private static final long TRIPLE = 3;
    private static final long NEGATED = 4;
    private static final long PIECE = 5;
    private static final long CAPITALS = 6;
    private static final long STRETCHED = 7;
    private static final long FIRST = 8;
    private static final long LAST = 9;
    private static final long COUNTS = 10;
    private static final long GAPPED_PAIR = 11;

    private final int mask;

    /** @param bits two to the power of this many buckets, 1 to 30 */
    public HashedFeatures(int bits) {
        if (bits < 1 || bits > 30) {
            throw new IllegalArgumentException("2^%d buckets: 2^1 to 2^30 are allowed".formatted(bits));
        }
        this.mask = (1 << bits) - 1;
    }

    /** The buckets that this masked text falls into, ascending, each once; never empty. */
    public int[] of(String masked) {
        Buckets buckets = new Buckets(masked.length() * LONGEST_PIECE + 16);
        List<String> tokens = TweetTokens.of(masked);
        long[] words = new long[tokens.size()];
        boolean negated = false;
        int capitals = 0;
        int stretched = 0;
        for (int i = 0; i < words.length; i++) {
            String token = tokens.get(i);
            String lower = token.toLowerCase(Locale.ROOT);
            String word = squeezed(lower);
            words[i] = hash(word, 0, word.length());
            buckets.add(WORD, words[i]);
            if (word.length() < lower.length()) {
                stretched++;
                buckets.add(STRETCHED, words[i]);
            }
            if (token.length() > 2 && isCapitals(token)) {
                capitals++;
                buckets.add(CAPITALS, words[i]);
            }
            if (word.length() > 1 && word.charAt(0) == '#') {
                buckets.add(WORD, hash(word, 1, word.length()));
            }
            if (negated) {
                buckets.add(NEGATED, words[i]);
            }
            negated = word.endsWith("n't") || NEGATIONS.contains(word) || (negated && !endsScope(word));
            pieces(word, buckets);
        }
        sequences(words, buckets);
        buckets.add(COUNTS, Math.min(capitals, 3));
        buckets.add(COUNTS, 10 + Math.min(stretched, 2));
        buckets.add(COUNTS, 20 + Math.min(words.length / 5, 6));
        return buckets.ascendingOnce();
    }

    private static void sequences(long[] words, Buckets buckets) {
        for (int i = 0; i + 1 < words.length; i++) {
            long pair = mixed(words[i] * 31 + words[i + 1]);
            buckets.add(PAIR, pair);
            if (i + 2 < words.length) {
                buckets.add(TRIPLE, pair * 31 + words[i + 2]);
                buckets.add(GAPPED_PAIR, words[i] * 31 + words[i + 2]);
            }
        }
        if (words.length > 0) {
            buckets.add(FIRST, words[0]);
            buckets.add(LAST, words[words.length - 1]);
        }
    }

    private static void pieces(String word, Buckets buckets) {
        String bounded = "<" + word + ">";
        for (int start = 0; start < bounded.length(); start++) {
            long hash = FNV_OFFSET;
            int end = Math.min(bounded.length(), start + LONGEST_PIECE);
            for (int i = start; i < end; i++) {
                hash = (hash ^ bounded.charAt(i)) * FNV_PRIME;
                if (i + 1 - start >= SHORTEST_PIECE) {
                    buckets.add(PIECE, hash);
                }
            }
        }
    }

    /** Three and more of the same sign in a row become two: "sooooo" and "sooo" are one word. */
    private static String squeezed(String word) {
        StringBuilder out = new StringBuilder(word.length());
        for (int i = 0; i < word.length(); i++) {
            char sign = word.charAt(i);
            if (i < 2 || sign != word.charAt(i - 1) || sign != word.charAt(i - 2)) {
                out.append(sign);
            }
        }
        return out.toString();
    }

    private static boolean endsScope(String word) {
        int first = word.codePointAt(0);
        return !Character.isLetterOrDigit(first) && first != '@' && first != '#';
    }

    private static boolean isCapitals(String token) {
        boolean cased = false;
        for (int i = 0; i < token.length(); i++) {
            if (Character.isLowerCase(token.charAt(i))) {
                return false;
            }
            cased |= Character.isUpperCase(token.charAt(i));
        }
        return cased;
    }

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** FNV-1a over UTF-16 units. */
    private static long hash(String text, int from, int to) {
        long hash = FNV_OFFSET;
        for (int i = from; i < to; i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }

    /** The finalizer of MurmurHash3: every bit of the result depends on every bit. */
    private static long mixed(long hash) {
        long h = hash;
        h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }

    private final class Buckets {
        private int[] found;
        private int count;

        Buckets(int capacity) {
            found = new int[capacity];
        }

        void add(long kind, long feature) {
            if (count == found.length) {
                found = Arrays.copyOf(found, 2 * count);
            }
            found[count++] = (int) mixed(feature + kind * 0x9e3779b97f4a7c15L) & mask;
        }

        int[] ascendingOnce() {
            Arrays.sort(found, 0, count);
            int kept = 0;
            for (int i = 0; i < count; i++) {
                if (i == 0 || found[i] != found[i - 1]) {
                    found[kept++] = found[i];
                }
            }
            return Arrays.copyOf(found, kept);
        }
    }
}
