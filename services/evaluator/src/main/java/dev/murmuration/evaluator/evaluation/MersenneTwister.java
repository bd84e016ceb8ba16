package dev.murmuration.evaluator.evaluation;

/**
 * The generator behind NumPy's {@code RandomState}: MT19937 (M. Matsumoto and T. Nishimura, ACM TOMACS 8, 1998), seeded and
 * bounded as NumPy does, so that a shuffle here is the shuffle there.
 */
final class MersenneTwister {

    private static final int STATE = 624;
    private static final int SHIFT = 397;

    private final int[] state = new int[STATE];
    private int next = STATE;

    /** Seeded by Knuth's linear congruence, as {@code RandomState(seed)}. */
    MersenneTwister(int seed) {
        state[0] = seed;
        for (int i = 1; i < STATE; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    /** 32 random bits. */
    int nextBits() {
        if (next == STATE) {
            twist();
        }
        int bits = state[next++];
        bits ^= bits >>> 11;
        bits ^= (bits << 7) & 0x9d2c5680;
        bits ^= (bits << 15) & 0xefc60000;
        return bits ^ (bits >>> 18);
    }

    /** A number from 0 to {@code most}: the low bits, drawn again while they exceed it. */
    int upTo(int most) {
        if (most == 0) {
            return 0;
        }
        int mask = -1 >>> Integer.numberOfLeadingZeros(most);
        int drawn = nextBits() & mask;
        while (drawn > most) {
            drawn = nextBits() & mask;
        }
        return drawn;
    }

    /** Shuffles in place (Fisher and Yates, from the end), as {@code RandomState.shuffle}. */
    void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = upTo(i);
            int swapped = values[i];
            values[i] = values[j];
            values[j] = swapped;
        }
    }

    private void twist() {
        for (int i = 0; i < STATE; i++) {
            int mixed = (state[i] & 0x80000000) | (state[(i + 1) % STATE] & 0x7fffffff);
            state[i] = state[(i + SHIFT) % STATE] ^ (mixed >>> 1) ^ ((mixed & 1) == 0 ? 0 : 0x9908b0df);
        }
        next = 0;
    }
}
