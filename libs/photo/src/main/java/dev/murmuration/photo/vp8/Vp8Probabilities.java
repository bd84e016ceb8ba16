package dev.murmuration.photo.vp8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** The probabilities with which every VP8 key frame starts (RFC 6386, sections 11.5, 13.4 and 13.5). */
final class Vp8Probabilities {

    static final int KINDS = 4;
    static final int BANDS = 8;
    static final int CONTEXTS = 3;
    static final int TOKENS = 11;
    static final int MODES = 10;
    private static final int COEFFICIENTS = KINDS * BANDS * CONTEXTS * TOKENS;

    private static final int[] ALL = read();

    private Vp8Probabilities() {}

    /** Returns a new array, (4 kinds, 8 bands, 3 contexts, 11 tokens). */
    static int[] coefficients() {
        return Arrays.copyOf(ALL, COEFFICIENTS);
    }

    /** Returns the probability that the coefficient probability at this index is not updated. */
    static int update(int index) {
        return ALL[COEFFICIENTS + index];
    }

    /** Returns the probability of a node in the tree of modes, given the modes above and to the left. */
    static int mode(int above, int left, int node) {
        return ALL[2 * COEFFICIENTS + (above * MODES + left) * (MODES - 1) + node];
    }

    private static int[] read() {
        try (InputStream in =
                        Objects.requireNonNull(Vp8Probabilities.class.getResourceAsStream("vp8-probabilities.txt"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Arrays.stream(line.split(" ")))
                    .mapToInt(Integer::parseInt)
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
