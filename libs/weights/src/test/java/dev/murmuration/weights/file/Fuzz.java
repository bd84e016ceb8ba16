package dev.murmuration.weights.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.WeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/**
 * Damages a file of weights in every way that a stranger might. Whatever comes of it, the answer is tensors of the file's own
 * bytes or one clear refusal.
 */
public final class Fuzz {

    private final Path file;
    private final byte[] whole;

    /**
     * Prepares.
     *
     * @param file where the damaged ones are written
     * @param whole a file that can be read
     */
    public Fuzz(Path file, byte[] whole) {
        this.file = file;
        this.whole = whole.clone();
    }

    /** Exchanges three bytes, so many times; how often that was refused. */
    public int refusals(int runs, long seed) throws IOException {
        Random random = new Random(seed);
        int refused = 0;
        for (int run = 0; run < runs; run++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i < 3; i++) {
                damaged[8 + random.nextInt(damaged.length - 8)] = (byte) random.nextInt(256);
            }
            refused += refuses(damaged) ? 1 : 0;
        }
        return refused;
    }

    /** Puts a number of 8 and of 4 bytes at every place; how often that was refused. */
    public int refusalsOf(long number) throws IOException {
        int refused = 0;
        for (int at = 8; at < whole.length - 8; at++) {
            byte[] damaged = whole.clone();
            ByteBuffer bytes = ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN);
            if (at % 2 == 0) {
                bytes.putLong(at, number);
            } else {
                bytes.putInt(at, (int) number);
            }
            refused += refuses(damaged) ? 1 : 0;
        }
        return refused;
    }

    /** Cuts the file off, every so many bytes: each time that must be refused. */
    public void refusesEveryBeginning(int step) throws IOException {
        for (int length = 8; length < whole.length; length += step) {
            assertThat(refuses(Arrays.copyOf(whole, length)))
                    .as("%d bytes", length)
                    .isTrue();
        }
    }

    private boolean refuses(byte[] damaged) throws IOException {
        Files.write(file, damaged);
        try (Weights weights = WeightsFile.open(file)) {
            for (TensorEntry entry : weights.tensors().values()) {
                assertThat(entry.begin()).isBetween(0L, entry.end());
                assertThat(entry.end() - entry.begin()).isLessThanOrEqualTo(1032L * damaged.length);
                if (entry.type().isFloat()) {
                    assertThat(weights.floats(entry.name())).hasSize((int) entry.elements());
                } else {
                    assertThat(weights.longs(entry.name())).hasSize((int) entry.elements());
                }
            }
            return false;
        } catch (WeightsException e) {
            assertThat(e).hasMessageContaining(file.toString());
            return true;
        }
    }
}
