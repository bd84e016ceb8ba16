package dev.murmuration.weights.hdf5;

import dev.murmuration.weights.TensorFile;
import dev.murmuration.weights.TensorType;
import dev.murmuration.weights.WeightsException;
import dev.murmuration.weights.zip.Deflated;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An HDF5 dataset in chunks of one shape, each encoded by the filters of section IV.A.2.l of the specification: deflate, shuffle
 * and Fletcher's checksum.
 *
 * @param bytes of all its elements
 * @param chunk shape of a chunk; those at the upper ends extend beyond the dataset
 * @param filters their numbers, in the order in which they were applied
 */
record ChunkedDataset(
        TensorType type, List<Long> shape, long bytes, List<Long> chunk, List<Integer> filters, List<Chunk> chunks)
        implements Hdf5File.Dataset {

    private static final int DEFLATE = 1;
    private static final int SHUFFLE = 2;
    private static final int FLETCHER_32 = 3;
    private static final int CHECKSUM_BYTES = 4;

    /**
     * One chunk.
     *
     * @param corner its first element
     * @param skipped bit i is set where filter i was not applied
     * @param begin its first byte in the file
     * @param bytes number of its bytes there
     */
    record Chunk(List<Long> corner, int skipped, long begin, long bytes) {}

    /** Checks that a file of this many bytes contains each chunk exactly once, and that each chunk can unpack to its claimed size. */
    ChunkedDataset checked(String file, String name, long fileBytes) throws WeightsException {
        for (int filter : filters) {
            if (filter != DEFLATE && filter != SHUFFLE && filter != FLETCHER_32) {
                throw broken(file, name, "is behind filter " + filter + "; deflate, shuffle and checksum are known");
            }
        }
        long expected = 1;
        long chunkBytes = type.bytes();
        for (int i = 0; i < shape.size(); i++) {
            if (chunk.get(i) < 1) {
                throw broken(file, name, "has chunks of " + chunk);
            }
            try {
                expected = Math.multiplyExact(expected, Math.ceilDiv(shape.get(i), chunk.get(i)));
                chunkBytes = Math.multiplyExact(chunkBytes, chunk.get(i));
            } catch (ArithmeticException e) {
                throw new WeightsException("%s: tensor %s is too large".formatted(file, name), e);
            }
        }
        if (chunks.size() != expected || chunkBytes > Integer.MAX_VALUE) {
            throw broken(file, name, "has %d of %d chunks of %d bytes".formatted(chunks.size(), expected, chunkBytes));
        }
        Set<List<Long>> corners = new HashSet<>();
        long packed = 0;
        for (Chunk piece : chunks) {
            packed += piece.bytes();
            for (int i = 0; i < shape.size(); i++) {
                long corner = piece.corner().get(i);
                if (corner < 0 || corner >= shape.get(i) || corner % chunk.get(i) != 0) {
                    throw broken(file, name, "has a chunk at " + piece.corner());
                }
            }
            if (!corners.add(piece.corner()) || chunkBytes > Deflated.most(piece.bytes())) {
                throw broken(file, name, "has a damaged chunk at " + piece.corner());
            }
        }
        if (packed > fileBytes) {
            throw broken(file, name, "has chunks of %d bytes in a file of %d".formatted(packed, fileBytes));
        }
        return this;
    }

    /** All elements, row by row. */
    ByteBuffer unpack(String file, String name, FileChannel channel) throws IOException {
        byte[] all = new byte[(int) bytes];
        for (Chunk piece : chunks) {
            byte[] content = TensorFile.bytes(channel, piece.begin(), (int) piece.bytes());
            for (int i = filters.size() - 1; i >= 0; i--) {
                if ((piece.skipped() >> i & 1) == 0) {
                    content = undo(filters.get(i), content, file, name);
                }
            }
            if (content.length != chunkBytes()) {
                throw broken(file, name, "has a chunk of %d bytes, not %d".formatted(content.length, chunkBytes()));
            }
            place(piece.corner(), 0, content, 0, all, 0);
        }
        return ByteBuffer.wrap(all);
    }

    private int chunkBytes() {
        return (int) (type.bytes() * chunk.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b));
    }

    private byte[] undo(int filter, byte[] content, String file, String name) throws WeightsException {
        return switch (filter) {
            case DEFLATE -> Deflated.zlib(content, chunkBytes() + CHECKSUM_BYTES, file, name);
            case SHUFFLE -> together(content);
            default -> without(content);
        };
    }

    /** Undoes the shuffle, which puts the first bytes of all elements first, then the second ones, and so on. */
    private byte[] together(byte[] apart) {
        byte[] elements = apart.clone();
        int size = type.bytes();
        int count = apart.length / size;
        for (int i = 0; i < count; i++) {
            for (int b = 0; b < size; b++) {
                elements[i * size + b] = apart[b * count + i];
            }
        }
        return elements;
    }

    private static byte[] without(byte[] checked) {
        return Arrays.copyOf(checked, Math.max(0, checked.length - CHECKSUM_BYTES));
    }

    /** Copies the part of the chunk that is inside the dataset, dimension by dimension; the last one at once. */
    private void place(List<Long> corner, int dimension, byte[] from, int fromElement, byte[] to, int toElement) {
        int size = shape.get(dimension).intValue();
        int length = chunk.get(dimension).intValue();
        int first = corner.get(dimension).intValue();
        int inside = Math.min(length, size - first);
        if (dimension == shape.size() - 1) {
            System.arraycopy(
                    from,
                    fromElement * length * type.bytes(),
                    to,
                    (toElement * size + first) * type.bytes(),
                    inside * type.bytes());
        } else {
            for (int i = 0; i < inside; i++) {
                place(corner, dimension + 1, from, fromElement * length + i, to, toElement * size + first + i);
            }
        }
    }

    private static WeightsException broken(String file, String name, String problem) {
        return new WeightsException("%s: tensor %s %s".formatted(file, name, problem));
    }
}
