package dev.murmuration.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Changes bytes as an attacker or a broken disk would: single bits, numbers at their limits, false lengths, pieces that are missing,
 * repeated or from another input.
 */
final class Mutation {

    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_EDITS = 5;
    private static final int[] REPETITIONS = {1, 1, 1, 2, 3, 16, 1_500, 30_000};
    private static final long[] LIMITS = {
        0,
        1,
        -1,
        2,
        3,
        7,
        8,
        127,
        128,
        255,
        256,
        32_767,
        32_768,
        65_535,
        65_536,
        1 << 20,
        1 << 24,
        1 << 30,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0xffff_ffffL,
        1L << 32,
        1L << 40,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MAX_VALUE - 7,
        0x7ff0_0000_0000_0000L
    };
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "-1",
            "1",
            "2",
            "3",
            "0.5",
            "-0.5",
            "255",
            "256",
            "65536",
            "1073741824",
            "2147483647",
            "2147483648",
            "-2147483648",
            "4294967296",
            "100000000",
            "9223372036854775807",
            "9223372036854775808",
            "1e308",
            "1e400",
            "-1e400",
            "1e-400",
            "0.1e1",
            "00",
            "NaN",
            "null",
            "true",
            "\"7\"",
            "[]",
            "{}",
            "99999999999999999999999999999999");

    private final RandomGenerator random;
    private final List<byte[]> tokens;

    Mutation(RandomGenerator random, List<byte[]> tokens) {
        this.random = random;
        this.tokens = tokens;
    }

    /** Returns a changed copy of one input, possibly with pieces of another. */
    byte[] of(byte[] input, byte[] other) {
        byte[] changed = input.clone();
        int edits = 1 + random.nextInt(MOST_EDITS);
        for (int i = 0; i < edits; i++) {
            changed = edited(changed, other);
        }
        return changed.length > MOST_BYTES ? Arrays.copyOf(changed, MOST_BYTES) : changed;
    }

    private byte[] edited(byte[] bytes, byte[] other) {
        if (bytes.length == 0) {
            return token();
        }
        int at = random.nextInt(bytes.length);
        int length = length(bytes.length - at);
        return switch (random.nextInt(12)) {
            case 0 -> bit(bytes, at);
            case 1 -> replaced(bytes, at, 1, new byte[] {(byte) random.nextInt(256)});
            case 2, 3 -> number(bytes, at);
            case 4 -> replaced(bytes, at, length, new byte[0]);
            case 5 -> replaced(bytes, at, 0, repeated(Arrays.copyOfRange(bytes, at, at + length)));
            case 6 -> replaced(bytes, at, 0, repeated(token()));
            case 7 -> replaced(bytes, at, length, token());
            case 8 -> replaced(bytes, at, length, piece(other));
            case 9 -> random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at) : bit(bytes, at);
            default -> digits(bytes, at);
        };
    }

    /** Short pieces more often than long ones. */
    private int length(int most) {
        return 1 + random.nextInt(Math.max(1, Math.min(most, 1 << random.nextInt(12))));
    }

    private static byte[] replaced(byte[] bytes, int at, int length, byte[] by) {
        int rest = Math.min(bytes.length, at + length);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + by.length);
        out.write(bytes, 0, at);
        out.writeBytes(by);
        out.write(bytes, rest, bytes.length - rest);
        return out.toByteArray();
    }

    private byte[] bit(byte[] bytes, int at) {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        return bytes;
    }

    private byte[] number(byte[] bytes, int at) {
        long value =
                random.nextInt(4) == 0 ? bytes.length + random.nextInt(-9, 10) : LIMITS[random.nextInt(LIMITS.length)];
        int size = Math.min(1 << random.nextInt(4), bytes.length - at);
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES);
        boolean isLittle = random.nextBoolean();
        buffer.order(isLittle ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN).putLong(value);
        System.arraycopy(buffer.array(), isLittle ? 0 : Long.BYTES - size, bytes, at, size);
        return bytes;
    }

    private byte[] repeated(byte[] piece) {
        int times = Math.min(REPETITIONS[random.nextInt(REPETITIONS.length)], MOST_BYTES / Math.max(1, piece.length));
        ByteBuffer all = ByteBuffer.allocate(Math.multiplyExact(piece.length, Math.max(1, times)));
        while (all.hasRemaining()) {
            all.put(piece);
        }
        return all.array();
    }

    private byte[] token() {
        return tokens.isEmpty() ? new byte[] {(byte) random.nextInt(256)} : tokens.get(random.nextInt(tokens.size()));
    }

    private byte[] piece(byte[] other) {
        if (other.length == 0) {
            return other;
        }
        int at = random.nextInt(other.length);
        return Arrays.copyOfRange(other, at, at + length(other.length - at));
    }

    /** Replaces the next number written in digits with another. */
    private byte[] digits(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && !isDigit(bytes[at])) {
            at++;
        }
        if (at == bytes.length) {
            return number(bytes, from);
        }
        int end = at;
        while (end < bytes.length && (isDigit(bytes[end]) || bytes[end] == '.')) {
            end++;
        }
        String number = NUMBERS.get(random.nextInt(NUMBERS.size()));
        return replaced(bytes, at, end - at, number.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
