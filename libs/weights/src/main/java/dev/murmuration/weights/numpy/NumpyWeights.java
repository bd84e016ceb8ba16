package dev.murmuration.weights.numpy;

import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.TensorFile;
import dev.murmuration.weights.TensorType;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.WeightsException;
import dev.murmuration.weights.pickle.PickledArray;
import dev.murmuration.weights.pickle.Unpickler;
import dev.murmuration.weights.zip.Deflated;
import dev.murmuration.weights.zip.ZipDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Weights as NumPy writes them: {@code savez} and {@code savez_compressed} (a zip archive of named arrays), {@code save} of one
 * array (named {@code array}), and {@code save} of a dictionary, which is a pickle; names and places in it are joined by slashes,
 * for example {@code conv1_1/weights} or {@code fc6/0}.
 */
public final class NumpyWeights {

    private static final String SUFFIX = ".npy";
    private static final String ALONE = "array";
    private static final String OBJECTS = "|O";
    private static final int MAX_DEPTH = 8;
    private static final int MAX_THINGS = 1 << 20;
    private static final Map<String, TensorType> TYPES = Map.of(
            "f8", TensorType.F64,
            "f4", TensorType.F32,
            "f2", TensorType.F16,
            "i8", TensorType.I64,
            "i4", TensorType.I32,
            "i2", TensorType.I16,
            "i1", TensorType.I8,
            "u1", TensorType.U8,
            "b1", TensorType.BOOL);

    private final Path file;
    private final FileChannel channel;
    private final SequencedMap<String, TensorEntry> tensors = new LinkedHashMap<>();
    private final Map<String, TensorFile.Packed> packed = new HashMap<>();
    private int things;

    private NumpyWeights(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens a file and reads the headers of its arrays.
     *
     * @throws WeightsException if it is truncated, or contains something that weights do not need
     * @throws IOException if the file cannot be read
     */
    public static Weights open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            NumpyWeights weights = new NumpyWeights(file, channel);
            if (TensorFile.read(channel, 0, Integer.BYTES).getInt() == ZipDirectory.LOCAL) {
                weights.readArchive();
            } else {
                weights.readArray();
            }
            if (weights.tensors.isEmpty()) {
                throw new WeightsException("%s: contains no named arrays".formatted(file));
            }
            return new TensorFile(file, channel, weights.tensors, weights.packed);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void readArchive() throws IOException {
        for (Map.Entry<String, ZipDirectory.Span> entry :
                ZipDirectory.read(file.toString(), channel).entrySet()) {
            String name = entry.getKey().endsWith(SUFFIX)
                    ? entry.getKey().substring(0, entry.getKey().length() - SUFFIX.length())
                    : entry.getKey();
            ZipDirectory.Span span = entry.getValue();
            int head = (int) Math.min(span.end() - span.begin(), NpyHeader.MAX_BYTES);
            byte[] begin = TensorFile.bytes(channel, span.begin(), head);
            NpyHeader header = NpyHeader.read(
                    what(name),
                    ByteBuffer.wrap(
                            span.deflated()
                                    ? Deflated.bare(begin, NpyHeader.MAX_BYTES, file.toString(), name)
                                    : begin));
            TensorType type = type(name, header.type());
            long bytes = bytes(name, type, header.shape());
            if (span.size() - header.bytes() != bytes) {
                throw broken(
                        name,
                        "of %s has %d bytes, not %d".formatted(header.shape(), span.size() - header.bytes(), bytes));
            }
            if (span.deflated()) {
                addPacked(name, type, header.shape(), bytes, header.fortran(), () -> inflated(name, span, header));
            } else {
                add(name, type, header.shape(), bytes, header.fortran(), span.begin() + header.bytes());
            }
        }
    }

    private void readArray() throws IOException {
        int head = (int) Math.min(channel.size(), NpyHeader.MAX_BYTES);
        NpyHeader header = NpyHeader.read(what(ALONE), TensorFile.read(channel, 0, head));
        if (header.type().equals(OBJECTS)) {
            long bytes = channel.size() - header.bytes();
            if (bytes > Integer.MAX_VALUE) {
                throw new WeightsException(
                        "%s: a pickle of %d bytes; at most 2 GiB are allowed".formatted(file, bytes));
            }
            ByteBuffer pickle = channel.map(FileChannel.MapMode.READ_ONLY, header.bytes(), bytes);
            addAll("", Unpickler.numpy(file.toString(), pickle).next(), header.bytes(), 0);
            return;
        }
        TensorType type = type(ALONE, header.type());
        long bytes = bytes(ALONE, type, header.shape());
        if (channel.size() - header.bytes() < bytes) {
            throw broken(
                    ALONE,
                    "of %s has %d bytes, not %d".formatted(header.shape(), channel.size() - header.bytes(), bytes));
        }
        add(ALONE, type, header.shape(), bytes, header.fortran(), header.bytes());
    }

    /** Skips values that are not arrays or have no name. */
    private void addAll(String name, Object value, long base, int depth) throws WeightsException {
        if (++things > MAX_THINGS || depth > MAX_DEPTH) {
            throw new WeightsException("%s: its dictionary is %d deep at %s".formatted(file, depth, name));
        }
        switch (value) {
            case Map<?, ?> dictionary -> {
                for (Map.Entry<?, ?> entry : dictionary.entrySet()) {
                    addAll(below(name, entry.getKey()), entry.getValue(), base, depth + 1);
                }
            }
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    addAll(below(name, i), list.get(i), base, depth + 1);
                }
            }
            case PickledArray array
            when array.content() instanceof List<?> list ->
                addAll(name, array.shape().isEmpty() && list.size() == 1 ? list.getFirst() : list, base, depth + 1);
            case PickledArray array
            when array.content() instanceof PickledArray.Raw raw ->
                add(name.isEmpty() ? ALONE : name, array, raw, base);
            default -> {}
        }
    }

    private static String below(String name, Object key) {
        return name.isEmpty() ? key.toString() : name + "/" + key;
    }

    private void add(String name, PickledArray array, PickledArray.Raw raw, long base) throws WeightsException {
        TensorType type = type(name, array.type().name());
        long bytes = bytes(name, type, array.shape());
        if (raw.bytes().limit() != bytes) {
            throw broken(
                    name,
                    "of %s has %d bytes, not %d"
                            .formatted(array.shape(), raw.bytes().limit(), bytes));
        }
        if (raw.begin() < 0) {
            addPacked(
                    name,
                    type,
                    array.shape(),
                    bytes,
                    array.fortran(),
                    () -> raw.bytes().duplicate());
        } else {
            add(name, type, array.shape(), bytes, array.fortran(), base + raw.begin());
        }
    }

    private void add(String name, TensorType type, List<Long> shape, long bytes, boolean fortran, long begin)
            throws WeightsException {
        if (fortran && shape.size() > 1) {
            addPacked(name, type, shape, bytes, true, () -> TensorFile.read(channel, begin, (int) bytes));
        } else {
            put(new TensorEntry(name, type, shape, begin, begin + bytes));
        }
    }

    private void addPacked(
            String name, TensorType type, List<Long> shape, long bytes, boolean fortran, TensorFile.Packed content)
            throws WeightsException {
        put(new TensorEntry(name, type, shape, 0, bytes));
        packed.put(name, fortran && shape.size() > 1 ? () -> rowByRow(content.unpack(), shape, type.bytes()) : content);
    }

    private void put(TensorEntry entry) throws WeightsException {
        if (tensors.put(entry.name(), entry) != null) {
            throw new WeightsException("%s: two tensors %s".formatted(file, entry.name()));
        }
    }

    private ByteBuffer inflated(String name, ZipDirectory.Span span, NpyHeader header) throws IOException {
        if (span.size() > Integer.MAX_VALUE - 8) {
            throw broken(name, "is larger than 2 GiB");
        }
        byte[] deflated = TensorFile.bytes(channel, span.begin(), (int) (span.end() - span.begin()));
        byte[] all = Deflated.bare(deflated, (int) span.size(), file.toString(), name);
        if (all.length != span.size()) {
            throw broken(name, "unpacks to %d bytes, not %d".formatted(all.length, span.size()));
        }
        return ByteBuffer.wrap(all).slice(header.bytes(), all.length - header.bytes());
    }

    /** Transposes elements stored column by column. */
    private static ByteBuffer rowByRow(ByteBuffer columns, List<Long> shape, int size) {
        byte[] rows = new byte[columns.limit()];
        int[] index = new int[shape.size()];
        for (int to = 0; to < rows.length; to += size) {
            int from = 0;
            for (int i = shape.size() - 1; i >= 0; i--) {
                from = from * shape.get(i).intValue() + index[i];
            }
            columns.get(from * size, rows, to, size);
            for (int i = shape.size() - 1; i >= 0 && ++index[i] == shape.get(i); i--) {
                index[i] = 0;
            }
        }
        return ByteBuffer.wrap(rows);
    }

    private TensorType type(String name, String dtype) throws WeightsException {
        TensorType type = TYPES.get(dtype.substring(Math.min(1, dtype.length())));
        if (type == null || (dtype.charAt(0) == '>' && type.bytes() > 1)) {
            throw broken(name, "has elements of type " + dtype);
        }
        return type;
    }

    private long bytes(String name, TensorType type, List<Long> shape) throws WeightsException {
        long bytes = type.bytes();
        for (long size : shape) {
            if (size < 0) {
                throw broken(name, "has the shape " + shape);
            }
            try {
                bytes = Math.multiplyExact(bytes, size);
            } catch (ArithmeticException e) {
                throw new WeightsException("%s is too large: %s".formatted(what(name), shape), e);
            }
        }
        return bytes;
    }

    private String what(String name) {
        return "%s: tensor %s".formatted(file, name);
    }

    private WeightsException broken(String name, String problem) {
        return new WeightsException(what(name) + " " + problem);
    }
}
