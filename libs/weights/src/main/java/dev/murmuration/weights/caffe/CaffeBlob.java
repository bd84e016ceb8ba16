package dev.murmuration.weights.caffe;

import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * One tensor of a Caffe file, with the offsets of its values.
 *
 * @param entry its name and shape; {@code begin} is its first value, {@code end} the end of its last if all are contiguous, as
 *     they nearly always are
 * @param runs its values in order
 */
record CaffeBlob(TensorEntry entry, List<Run> runs) {

    private static final int MAX_RUNS = 4_096;

    /**
     * Values at equal distances.
     *
     * @param begin offset of the first byte in the file
     * @param count how many, at least 1
     * @param stride bytes from one to the next: their size, or more if each has its own tag
     */
    record Run(long begin, long count, int stride) {

        long bytes(TensorType type) {
            return (count - 1) * stride + type.bytes();
        }
    }

    /** Collects the offsets of values of one type. */
    static final class Values {

        private final TensorType type;
        private final List<Run> runs = new ArrayList<>();
        private long count;

        Values(TensorType type) {
            this.type = type;
        }

        TensorType type() {
            return type;
        }

        List<Run> runs() {
            return List.copyOf(runs);
        }

        long count() {
            return count;
        }

        /** Contiguous values. */
        boolean together(long begin, long values) {
            if (values > 0) {
                runs.add(new Run(begin, values, type.bytes()));
                count += values;
            }
            return runs.size() <= MAX_RUNS;
        }

        /** One value with its own tag, which extends the last run if it continues it. */
        boolean single(long begin) {
            count++;
            Run last = runs.isEmpty() ? null : runs.getLast();
            long distance = last == null ? 0 : begin - last.begin();
            if (last != null && last.count() == 1 && distance <= 2L * type.bytes()) {
                runs.set(runs.size() - 1, new Run(last.begin(), 2, (int) distance));
            } else if (last != null && distance == last.count() * last.stride()) {
                runs.set(runs.size() - 1, new Run(last.begin(), last.count() + 1, last.stride()));
            } else {
                runs.add(new Run(begin, 1, type.bytes()));
            }
            return runs.size() <= MAX_RUNS;
        }
    }
}
