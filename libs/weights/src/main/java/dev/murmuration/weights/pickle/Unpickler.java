package dev.murmuration.weights.pickle;

import dev.murmuration.weights.TensorType;
import dev.murmuration.weights.WeightsException;
import dev.murmuration.weights.pickle.PickledArray.Dtype;
import dev.murmuration.weights.pickle.PickledArray.Raw;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pickles of a PyTorch or a NumPy file and builds tensors, dictionaries, lists, strings and numbers, and nothing else.
 * A pickle is a program that may name any function of Python; this reader supports only the few that tensors are made of, calls
 * nothing, and refuses everything else by name. What it builds is no larger than the pickle.
 */
public final class Unpickler {

    private static final Map<String, TensorType> STORAGES = Map.of(
            "torch DoubleStorage", TensorType.F64,
            "torch FloatStorage", TensorType.F32,
            "torch HalfStorage", TensorType.F16,
            "torch BFloat16Storage", TensorType.BF16,
            "torch LongStorage", TensorType.I64,
            "torch IntStorage", TensorType.I32,
            "torch ShortStorage", TensorType.I16,
            "torch CharStorage", TensorType.I8,
            "torch ByteStorage", TensorType.U8,
            "torch BoolStorage", TensorType.BOOL);
    private static final String ORDERED_DICT = "collections OrderedDict";
    private static final String TENSOR = "torch._utils _rebuild_tensor_v2";
    private static final String PARAMETER = "torch._utils _rebuild_parameter";
    private static final String OLD_TENSOR = "torch._utils _rebuild_tensor";
    private static final Set<String> TORCH = Stream.concat(
                    STORAGES.keySet().stream(), Stream.of(ORDERED_DICT, TENSOR, OLD_TENSOR, PARAMETER))
            .collect(Collectors.toUnmodifiableSet());
    private static final String DTYPE = "numpy dtype";
    private static final String ND_ARRAY = "numpy ndarray";
    private static final String ENCODE = "_codecs encode";
    private static final Set<String> RECONSTRUCT =
            Set.of("numpy.core.multiarray _reconstruct", "numpy._core.multiarray _reconstruct");
    private static final Set<String> NUMPY = Stream.concat(RECONSTRUCT.stream(), Stream.of(DTYPE, ND_ARRAY, ENCODE))
            .collect(Collectors.toUnmodifiableSet());
    private static final Object NONE = new Object();

    /** A supported global. */
    private record Global(String name) {}

    /**
     * Contiguous elements of one type.
     *
     * @param key name of its entry under {@code data/}
     * @param elements how many there are
     */
    record Storage(String key, TensorType type, long elements) {}

    /**
     * A tensor, not yet checked against its storage.
     *
     * @param offset its first element in the storage
     * @param shape its dimensions
     * @param strides step of each dimension, in elements of the storage
     */
    record Tensor(Storage storage, long offset, List<Long> shape, List<Long> strides) {}

    private final String file;
    private final ByteBuffer in;
    private final Set<String> globals;
    private final boolean ofNumpy;
    private final Map<String, Storage> storages = new HashMap<>();
    private final PickleStack stack;
    private final Map<Integer, Object> memo = new HashMap<>();

    private Unpickler(String file, ByteBuffer in, boolean ofNumpy) {
        this.file = file;
        this.stack = new PickleStack(file);
        this.in = in.order(ByteOrder.LITTLE_ENDIAN);
        this.ofNumpy = ofNumpy;
        this.globals = ofNumpy ? NUMPY : TORCH;
    }

    /** For the consecutive pickles of PyTorch in a buffer. */
    static Unpickler torch(String file, ByteBuffer pickles) {
        return new Unpickler(file, pickles, false);
    }

    /** As above, of NumPy. */
    public static Unpickler numpy(String file, ByteBuffer pickles) {
        return new Unpickler(file, pickles, true);
    }

    /**
     * Reads the next pickle and moves the buffer's position past it.
     *
     * @return a {@link Map}, {@link List}, {@link Tensor}, {@link PickledArray}, {@link Raw}, {@link String}, {@link Long},
     *     {@link Double} or {@link Boolean}
     * @throws WeightsException if it contains anything else, or is truncated
     */
    public Object next() throws WeightsException {
        stack.clear();
        memo.clear();
        try {
            while (true) {
                int opcode = in.get() & 0xff;
                if (opcode == '.') {
                    return stack.pop();
                }
                apply(opcode);
            }
        } catch (BufferUnderflowException e) {
            throw new WeightsException("%s: its pickle is truncated".formatted(file), e);
        }
    }

    /** The storages named so far, by key. */
    Map<String, Storage> storages() {
        return storages;
    }

    private void apply(int opcode) throws WeightsException {
        switch (opcode) {
            case 0x80 -> in.get(); // PROTO: the opcodes below are those that matter
            case '}' -> stack.push(new LinkedHashMap<Object, Object>());
            case ']' -> stack.push(new ArrayList<Object>());
            case ')' -> stack.push(List.of());
            case '(' -> stack.mark();
            case 'N' -> stack.push(NONE);
            case 0x88 -> stack.push(true);
            case 0x89 -> stack.push(false);
            case 'J' -> stack.push((long) in.getInt());
            case 'K' -> stack.push((long) (in.get() & 0xff));
            case 'M' -> stack.push((long) Short.toUnsignedInt(in.getShort()));
            case 0x8a -> stack.push(whole(in.get() & 0xff)); // LONG1
            case 'G' -> stack.push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
            case 'X' -> stack.push(text(in.getInt()));
            case 0x8c -> stack.push(text(in.get() & 0xff));
            case 'B', 'T' -> stack.push(raw(in.getInt()));
            case 'C', 'U' -> stack.push(raw(in.get() & 0xff));
            case 0x8e -> stack.push(raw(Math.clamp(in.getLong(), -1, Integer.MAX_VALUE)));
            case 0x95 -> in.getLong(); // FRAME: how much comes; it comes anyway
            case 0x94 -> memo.put(memo.size(), stack.top());
            case 'c' -> stack.push(global(line() + " " + line()));
            case 0x93 -> { // STACK_GLOBAL
                Object name = stack.pop();
                stack.push(global(text(stack.pop()) + " " + text(name)));
            }
            case 'q' -> memo.put(in.get() & 0xff, stack.top());
            case 'r' -> memo.put(in.getInt(), stack.top());
            case 'h' -> stack.push(remembered(in.get() & 0xff));
            case 'j' -> stack.push(remembered(in.getInt()));
            case 0x85 -> stack.tuple(1);
            case 0x86 -> stack.tuple(2);
            case 0x87 -> stack.tuple(3);
            case 't' -> stack.push(List.copyOf(stack.toMark()));
            case 'a' -> {
                Object item = stack.pop();
                list(stack.top()).add(item);
            }
            case 'e' -> {
                List<Object> items = stack.toMark();
                list(stack.top()).addAll(items);
            }
            case 's' -> {
                Object value = stack.pop();
                Object key = stack.pop();
                set(dictionary(stack.top()), key, value);
            }
            case 'u' -> setItems();
            case 'Q' -> {
                Storage storage = storage(stack.pop());
                storages.put(storage.key(), storage);
                stack.push(storage);
            }
            case 'R' -> {
                Object arguments = stack.pop();
                stack.push(call(stack.pop(), arguments));
            }
            case 'b' -> build();
            default -> throw refused("the opcode 0x%02x".formatted(opcode));
        }
    }

    private long whole(int bytes) throws WeightsException {
        if (bytes > Long.BYTES) {
            throw refused("a number of %d bytes".formatted(bytes));
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (in.get() & 0xffL) << (Byte.SIZE * i);
        }
        int unused = Long.SIZE - Byte.SIZE * bytes;
        return bytes == 0 ? 0 : value << unused >> unused;
    }

    private String text(int bytes) throws WeightsException {
        if (bytes < 0 || bytes > in.remaining()) {
            throw new WeightsException("%s: its pickle is truncated".formatted(file));
        }
        byte[] utf8 = new byte[bytes];
        in.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private Object raw(int bytes) throws WeightsException {
        if (bytes < 0 || bytes > in.remaining()) {
            throw new WeightsException("%s: its pickle is truncated".formatted(file));
        }
        Raw raw = new Raw(in.position(), in.slice(in.position(), bytes));
        in.position(in.position() + bytes);
        // Python 2 writes strings as bytes. Those of NumPy may belong to an array.
        return ofNumpy ? raw : raw.text();
    }

    private String text(Object value) throws WeightsException {
        return switch (value) {
            case String text -> text;
            case Raw raw -> raw.text();
            default -> throw refused("a name that is a " + kind(value));
        };
    }

    private Global global(String name) throws WeightsException {
        if (!globals.contains(name)) {
            throw refused("the global '%s'".formatted(name));
        }
        return new Global(name);
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        for (byte next = in.get(); next != '\n'; next = in.get()) {
            line.append((char) (next & 0xff));
        }
        return line.toString();
    }

    private Object remembered(int index) throws WeightsException {
        Object value = memo.get(index);
        if (value == null) {
            throw refused("a reference to nothing");
        }
        return value;
    }

    private void setItems() throws WeightsException {
        List<Object> items = stack.toMark();
        if (items.size() % 2 != 0) {
            throw refused("a key without a value");
        }
        Map<Object, Object> dictionary = dictionary(stack.top());
        for (int i = 0; i < items.size(); i += 2) {
            set(dictionary, items.get(i), items.get(i + 1));
        }
    }

    private void set(Map<Object, Object> dictionary, Object given, Object value) throws WeightsException {
        Object key = given instanceof Raw raw ? raw.text() : given;
        // Only these have hash codes that terminate: a list may contain itself.
        if (!(key instanceof String || key instanceof Long || key instanceof Boolean || key instanceof Double)) {
            throw refused("a key that is a " + kind(key));
        }
        dictionary.put(key, value);
    }

    /**
     * {@code ('storage', type, key, location, elements)}, in the old format followed by None for "not a view"; the location, CPU
     * or GPU, does not matter here.
     */
    private Storage storage(Object id) throws WeightsException {
        if (id instanceof List<?> parts
                && (parts.size() == 5 || (parts.size() == 6 && parts.get(5) == NONE))
                && "storage".equals(parts.get(0))
                && parts.get(1) instanceof Global(String name)
                && STORAGES.containsKey(name)
                && parts.get(2) instanceof String key
                && parts.get(4) instanceof Long elements
                && elements >= 0) {
            return new Storage(key, Objects.requireNonNull(STORAGES.get(name)), elements);
        }
        throw refused("an invalid storage");
    }

    private Object call(Object function, Object arguments) throws WeightsException {
        if (function instanceof Global(String name) && arguments instanceof List<?> given) {
            if (name.equals(ORDERED_DICT) && given.isEmpty()) {
                return new LinkedHashMap<Object, Object>();
            }
            if (name.equals(PARAMETER) && given.size() == 3 && given.getFirst() instanceof Tensor tensor) {
                return tensor;
            }
            if (name.equals(TENSOR)
                    && (given.size() == 6 || given.size() == 7)
                    && given.get(0) instanceof Storage storage
                    && given.get(1) instanceof Long offset) {
                return new Tensor(storage, offset, longs(given.get(2)), longs(given.get(3)));
            }
            if (name.equals(OLD_TENSOR)
                    && given.size() == 4
                    && given.get(0) instanceof Storage storage
                    && given.get(1) instanceof Long offset) {
                return new Tensor(storage, offset, longs(given.get(2)), longs(given.get(3)));
            }
            if (RECONSTRUCT.contains(name) && given.size() == 3 && new Global(ND_ARRAY).equals(given.getFirst())) {
                return new PickledArray();
            }
            if (name.equals(DTYPE) && given.size() == 3) {
                return new Dtype(text(given.getFirst()));
            }
            if (name.equals(ENCODE)
                    && given.size() == 2
                    && given.get(0) instanceof String text
                    && "latin1".equals(given.get(1))) {
                return new Raw(-1, ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
            }
            throw refused("a call of '%s' with %d arguments".formatted(name, given.size()));
        }
        throw refused("a call of a " + kind(function));
    }

    private List<Long> longs(Object value) throws WeightsException {
        List<Long> longs = new ArrayList<>();
        if (value instanceof List<?> items) {
            for (Object item : items) {
                if (!(item instanceof Long whole)) {
                    throw refused("a dimension that is a " + kind(item));
                }
                longs.add(whole);
            }
            return longs;
        }
        throw refused("a shape that is a " + kind(value));
    }

    /**
     * Completes NumPy's objects, and ignores the version numbers that a state dictionary carries as an attribute. Nothing else is built.
     */
    private void build() throws WeightsException {
        Object state = stack.pop();
        switch (stack.top()) {
            case Map<?, ?> dictionary when state instanceof Map<?, ?> -> {}
            case Dtype type when state instanceof List<?> parts && parts.size() >= 2 -> type.order(text(parts.get(1)));
            case PickledArray array when state instanceof List<?> parts && parts.size() == 5 -> fill(array, parts);
            default -> throw refused("the state of a " + kind(stack.top()));
        }
    }

    /** {@code (version, shape, type, whether column by column, content)}. */
    private void fill(PickledArray array, List<?> parts) throws WeightsException {
        if (!(parts.get(2) instanceof Dtype type)
                || !(parts.get(4) instanceof Raw || parts.get(4) instanceof List<?>)
                || !(parts.get(3) instanceof Boolean || parts.get(3) instanceof Long)) {
            throw refused("an invalid array");
        }
        boolean byColumns =
                !Boolean.FALSE.equals(parts.get(3)) && !Long.valueOf(0).equals(parts.get(3));
        array.fill(longs(parts.get(1)), type, byColumns, parts.get(4));
    }

    @SuppressWarnings("unchecked") // Only this class makes them, of objects.
    private List<Object> list(Object value) throws WeightsException {
        if (value instanceof ArrayList<?> list) {
            return (List<Object>) list;
        }
        throw refused("items of a " + kind(value));
    }

    @SuppressWarnings("unchecked") // Only this class makes them, of objects.
    private Map<Object, Object> dictionary(Object value) throws WeightsException {
        if (value instanceof Map<?, ?> map) {
            return (Map<Object, Object>) map;
        }
        throw refused("items of a " + kind(value));
    }

    private WeightsException refused(String what) {
        return new WeightsException("%s: its pickle has %s, which weights do not need".formatted(file, what));
    }

    private static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "nothing";
            case Map<?, ?> map -> "dictionary";
            case List<?> list -> "list";
            case Global(String name) -> "'" + name + "'";
            case Object other -> other == NONE ? "None" : other.getClass().getSimpleName();
        };
    }
}
