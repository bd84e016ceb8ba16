package dev.murmuration.weights.pickle;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.TensorFile;
import dev.murmuration.weights.TensorType;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.WeightsException;
import dev.murmuration.weights.zip.ZipDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Weights as {@code torch.save} writes them, in the formats since and before PyTorch 1.6: {@code pytorch_model.bin}, {@code .pt},
 * {@code .pth}. A pickle can run any code in Python; {@link Unpickler} here builds tensors and containers and refuses the rest. A
 * state dictionary may be the file's root, or be in it under {@code state_dict} or {@code model}, as in checkpoints of training
 * programs; values that are not tensors are skipped.
 */
public final class PickledWeights implements Weights {

    private static final int MAX_PICKLE_BYTES = 4 << 20;
    /** The pickle of the number 0x1950a86a20f9469cfc6c, with which files from before 1.6 start, and their only version. */
    private static final byte[] OLD_MAGIC = HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa850192e");

    private static final long OLD_VERSION = 1001;

    private static final List<String> WRAPPERS = List.of("state_dict", "model");

    private final TensorFile tensors;

    private PickledWeights(TensorFile tensors) {
        this.tensors = tensors;
    }

    /**
     * Opens a file and reads its pickle; the tensors stay on disk.
     *
     * @throws WeightsException if it is not a complete archive of tensors, or contains something that weights do not need
     * @throws IOException if the file cannot be read
     */
    public static PickledWeights open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new PickledWeights(new TensorFile(file, channel, tensors(file.toString(), channel)));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static SequencedMap<String, TensorEntry> tensors(String file, FileChannel channel) throws IOException {
        if (channel.size() >= Integer.BYTES
                && TensorFile.read(channel, 0, Integer.BYTES).getInt() != ZipDirectory.LOCAL) {
            return ofOld(file, channel);
        }
        SequencedMap<String, ZipDirectory.Span> archive = ZipDirectory.read(file, channel);
        String root = archive.keySet().stream()
                .filter(name -> name.endsWith("/data.pkl"))
                .findFirst()
                .map(name -> name.substring(0, name.length() - "data.pkl".length()))
                .orElseThrow(() -> new WeightsException("%s: no data.pkl, so not a file of PyTorch".formatted(file)));
        requireLittleEndian(file, channel, archive.get(root + "byteorder"));
        ZipDirectory.Span pickle = Objects.requireNonNull(archive.get(root + "data.pkl"));
        Object state = Unpickler.torch(file, content(file, channel, pickle)).next();
        return tensors(file, state, key -> archive.get(root + "data/" + key));
    }

    /**
     * Four consecutive pickles (magic number, version, sizes, tensors), the list of the storages' keys, and then each storage
     * after its length.
     */
    private static SequencedMap<String, TensorEntry> ofOld(String file, FileChannel channel) throws IOException {
        ByteBuffer head = TensorFile.read(channel, 0, (int) Math.min(channel.size(), MAX_PICKLE_BYTES));
        byte[] magic = new byte[Math.min(OLD_MAGIC.length, head.remaining())];
        head.get(magic);
        if (!Arrays.equals(magic, OLD_MAGIC)) {
            throw new WeightsException("%s: not a file of PyTorch".formatted(file));
        }
        Unpickler pickles = Unpickler.torch(file, head);
        if (!Long.valueOf(OLD_VERSION).equals(pickles.next())
                || !(pickles.next() instanceof Map<?, ?> sizes)
                || !Boolean.TRUE.equals(sizes.get("little_endian"))) {
            throw new WeightsException("%s: of another version, or its bytes are not little endian".formatted(file));
        }
        Object state = pickles.next();
        if (!(pickles.next() instanceof List<?> keys)) {
            throw new WeightsException("%s: no list of its storages".formatted(file));
        }
        Map<String, ZipDirectory.Span> places = new HashMap<>();
        long at = head.position();
        for (Object key : keys) {
            Unpickler.Storage storage = pickles.storages().get(key);
            if (storage == null || at > channel.size() - Long.BYTES) {
                throw new WeightsException("%s: storage %s is missing".formatted(file, key));
            }
            long elements = TensorFile.read(channel, at, Long.BYTES).getLong();
            at += Long.BYTES;
            if (elements != storage.elements()
                    || elements > (channel.size() - at) / storage.type().bytes()) {
                throw new WeightsException("%s: storage %s has %d elements, not %d in %d bytes"
                        .formatted(file, key, elements, storage.elements(), channel.size() - at));
            }
            long end = at + elements * storage.type().bytes();
            places.put(storage.key(), new ZipDirectory.Span(at, end));
            at = end;
        }
        return tensors(file, state, places::get);
    }

    private static SequencedMap<String, TensorEntry> tensors(
            String file, Object state, Function<String, ZipDirectory.@Nullable Span> storages) throws WeightsException {
        SequencedMap<String, TensorEntry> tensors = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : stateOf(file, state).entrySet()) {
            if (entry.getValue() instanceof Unpickler.Tensor tensor) {
                String name = String.valueOf(entry.getKey());
                tensors.put(
                        name,
                        entry(
                                file,
                                name,
                                tensor,
                                storages.apply(tensor.storage().key())));
            }
        }
        if (tensors.isEmpty()) {
            throw new WeightsException("%s: contains no named tensors".formatted(file));
        }
        return tensors;
    }

    private static Map<?, ?> stateOf(String file, Object root) throws WeightsException {
        if (!(root instanceof Map<?, ?> map)) {
            throw new WeightsException("%s: not a dictionary of tensors".formatted(file));
        }
        for (String wrapper : WRAPPERS) {
            if (map.get(wrapper) instanceof Map<?, ?> inner) {
                return inner;
            }
        }
        return map;
    }

    private static ByteBuffer content(String file, FileChannel channel, ZipDirectory.Span span) throws IOException {
        if (span.deflated()) {
            throw new WeightsException("%s: its pickle is compressed; PyTorch stores it uncompressed".formatted(file));
        }
        if (span.end() - span.begin() > MAX_PICKLE_BYTES) {
            throw new WeightsException("%s: a pickle of %d bytes; at most %d are allowed"
                    .formatted(file, span.end() - span.begin(), MAX_PICKLE_BYTES));
        }
        return TensorFile.read(channel, span.begin(), (int) (span.end() - span.begin()));
    }

    private static void requireLittleEndian(String file, FileChannel channel, ZipDirectory.@Nullable Span span)
            throws IOException {
        if (span != null
                && !StandardCharsets.US_ASCII
                        .decode(content(file, channel, span))
                        .toString()
                        .strip()
                        .equals("little")) {
            throw new WeightsException("%s: its bytes are not little endian".formatted(file));
        }
    }

    private static TensorEntry entry(
            String file, String name, Unpickler.Tensor tensor, ZipDirectory.@Nullable Span data)
            throws WeightsException {
        Unpickler.Storage storage = tensor.storage();
        TensorType type = storage.type();
        if (data == null) {
            throw new WeightsException(
                    "%s: tensor %s is in data/%s, which is missing".formatted(file, name, storage.key()));
        }
        if (data.deflated()) {
            throw new WeightsException(
                    "%s: tensor %s is compressed; PyTorch stores it uncompressed".formatted(file, name));
        }
        if (storage.elements() != (data.end() - data.begin()) / type.bytes()
                || (data.end() - data.begin()) % type.bytes() != 0) {
            throw new WeightsException("%s: data/%s has %d bytes, not %d elements of %s"
                    .formatted(file, storage.key(), data.end() - data.begin(), storage.elements(), type));
        }
        long elements = elements(file, name, tensor);
        if (tensor.offset() < 0 || tensor.offset() > storage.elements() - elements) {
            throw new WeightsException("%s: tensor %s of %s starts at element %d of %d"
                    .formatted(file, name, tensor.shape(), tensor.offset(), storage.elements()));
        }
        long begin = data.begin() + tensor.offset() * type.bytes();
        return new TensorEntry(name, type, tensor.shape(), begin, begin + elements * type.bytes());
    }

    /** Number of elements, if they are contiguous and in row-major order. */
    private static long elements(String file, String name, Unpickler.Tensor tensor) throws WeightsException {
        if (tensor.shape().size() != tensor.strides().size()) {
            throw new WeightsException("%s: tensor %s has the shape %s and the strides %s"
                    .formatted(file, name, tensor.shape(), tensor.strides()));
        }
        if (tensor.shape().contains(0L)) {
            return 0;
        }
        long elements = 1;
        for (int i = tensor.shape().size() - 1; i >= 0; i--) {
            long size = tensor.shape().get(i);
            if (size > 1 && tensor.strides().get(i) != elements) {
                throw new WeightsException(
                        "%s: tensor %s of %s has the strides %s: it was saved without being contiguous"
                                .formatted(file, name, tensor.shape(), tensor.strides()));
            }
            try {
                elements = Math.multiplyExact(elements, Math.max(size, 0));
            } catch (ArithmeticException e) {
                throw new WeightsException("%s: tensor %s is too large: %s".formatted(file, name, tensor.shape()), e);
            }
            if (size < 0) {
                throw new WeightsException("%s: tensor %s has the shape %s".formatted(file, name, tensor.shape()));
            }
        }
        return elements;
    }

    @Override
    public SequencedMap<String, TensorEntry> tensors() {
        return tensors.tensors();
    }

    @Override
    public void floats(String name, FloatBuffer into) throws IOException {
        tensors.floats(name, into);
    }

    @Override
    public float[] floats(String name) throws IOException {
        return tensors.floats(name);
    }

    @Override
    public long[] longs(String name) throws IOException {
        return tensors.longs(name);
    }

    @Override
    public byte[] bytes(String name) throws IOException {
        return tensors.bytes(name);
    }

    @Override
    public NDArray array(String name, NDManager scope) throws IOException {
        return tensors.array(name, scope);
    }

    /** Closes the file; arrays already read stay valid. */
    @Override
    public void close() throws IOException {
        tensors.close();
    }
}
