package dev.murmuration.weights.hdf5;

import dev.murmuration.weights.TensorType;
import dev.murmuration.weights.WeightsException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The description of a dataset in the messages of its object header (section IV.A.2 of the specification), checked.
 *
 * @param file for messages
 * @param name the dataset's
 * @param fileBytes length of the file that contains it
 */
record Hdf5Description(String file, String name, long fileBytes) {

    private static final int MAX_DIMENSIONS = 32;

    Optional<TensorType> type(ByteBuffer datatype) throws WeightsException {
        require(datatype, 8);
        int kind = datatype.get(0) & 0x0f;
        int bits = datatype.get(1) & 0xff;
        long bytes = Integer.toUnsignedLong(datatype.getInt(4));
        if (kind > 1) {
            return Optional.empty();
        }
        if ((bits & 1) != 0) {
            throw broken("tensor %s is big endian".formatted(name));
        }
        TensorType type = kind == 1 ? floats(bytes, datatype) : integers(bytes, (bits & 8) != 0);
        if (type == null) {
            throw broken("tensor %s has elements of %d bytes".formatted(name, bytes));
        }
        return Optional.of(type);
    }

    private @Nullable TensorType floats(long bytes, ByteBuffer datatype) throws WeightsException {
        require(datatype, 20);
        int exponentBits = datatype.get(13);
        return switch ((int) bytes) {
            case 8 -> exponentBits == 11 ? TensorType.F64 : null;
            case 4 -> exponentBits == 8 ? TensorType.F32 : null;
            case 2 -> exponentBits == 5 ? TensorType.F16 : exponentBits == 8 ? TensorType.BF16 : null;
            default -> null;
        };
    }

    static @Nullable TensorType integers(long bytes, boolean signed) {
        return switch ((int) bytes) {
            case 8 -> TensorType.I64;
            case 4 -> TensorType.I32;
            case 2 -> TensorType.I16;
            case 1 -> signed ? TensorType.I8 : TensorType.U8;
            default -> null;
        };
    }

    List<Long> shape(ByteBuffer space) throws WeightsException {
        require(space, 4);
        int version = space.get(0);
        int rank = space.get(1) & 0xff;
        int from = version == 1 ? 8 : 4;
        if ((version != 1 && version != 2) || rank > MAX_DIMENSIONS) {
            throw broken("tensor %s has %d dimensions in version %d".formatted(name, rank, version));
        }
        if (version == 2 && space.get(3) == 2) {
            return List.of(0L);
        }
        require(space, from + 8 * rank);
        return LongStream.range(0, rank)
                .map(i -> space.getLong(from + 8 * (int) i))
                .boxed()
                .toList();
    }

    long bytes(TensorType type, List<Long> shape) throws WeightsException {
        long bytes = type.bytes();
        for (long size : shape) {
            if (size < 0) {
                throw broken("tensor %s has the shape %s".formatted(name, shape));
            }
            try {
                bytes = Math.multiplyExact(bytes, size);
            } catch (ArithmeticException e) {
                throw new WeightsException("%s: tensor %s is too large: %s".formatted(file, name, shape), e);
            }
        }
        return bytes;
    }

    Hdf5File.Dataset compact(TensorType type, List<Long> shape, long bytes, ByteBuffer layout) throws WeightsException {
        require(layout, 4);
        if (Short.toUnsignedInt(layout.getShort(2)) != bytes || layout.limit() - 4 < bytes) {
            throw broken("tensor %s of %s does not have %d bytes".formatted(name, shape, bytes));
        }
        return new Hdf5File.Compact(type, shape, layout.slice(4, (int) bytes));
    }

    Hdf5File.Dataset contiguous(TensorType type, List<Long> shape, long bytes, ByteBuffer layout)
            throws WeightsException {
        require(layout, 18);
        long begin = layout.getLong(2);
        if (bytes == 0) {
            return new Hdf5File.Contiguous(type, shape, 0, 0);
        }
        if (begin == Hdf5File.UNDEFINED) {
            throw broken("tensor %s was never written".formatted(name));
        }
        if (layout.getLong(10) != bytes || begin < 0 || begin > fileBytes - bytes) {
            throw broken("tensor %s of %s is at byte %d of %d and has %d bytes"
                    .formatted(name, shape, begin, fileBytes, layout.getLong(10)));
        }
        return new Hdf5File.Contiguous(type, shape, begin, bytes);
    }

    /** Numbers of the filters in the order in which they were applied. */
    List<Integer> filters(ByteBuffer message) throws WeightsException {
        require(message, 2);
        int version = message.get(0);
        int count = message.get(1) & 0xff;
        if (version != 1 && version != 2) {
            throw broken("tensor %s has filters of version %d".formatted(name, version));
        }
        ByteBuffer rest =
                message.duplicate().order(message.order()).position(version == 1 ? Math.min(8, message.limit()) : 2);
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = Short.toUnsignedInt(Hdf5File.piece(file, name, rest, 2).getShort());
            boolean named = version == 1 || number >= 256;
            int nameBytes = named
                    ? Short.toUnsignedInt(Hdf5File.piece(file, name, rest, 2).getShort())
                    : 0;
            int values = Short.toUnsignedInt(Hdf5File.piece(file, name, rest, 4).getShort(2));
            Hdf5File.piece(file, name, rest, version == 1 ? (nameBytes + 7) / 8 * 8 : nameBytes);
            Hdf5File.piece(file, name, rest, 4 * (version == 1 ? (values + 1) / 2 * 2 : values));
            numbers.add(number);
        }
        return numbers;
    }

    void require(ByteBuffer message, int bytes) throws WeightsException {
        if (message.limit() < bytes) {
            throw broken("tensor %s is described by %d bytes, not %d".formatted(name, message.limit(), bytes));
        }
    }

    private WeightsException broken(String problem) {
        return new WeightsException("%s: %s".formatted(file, problem));
    }
}
