package dev.murmuration.torch;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pickle of a PyTorch file and builds tensors, dictionaries, lists, strings and numbers, and nothing else. A pickle is a program that may name any
 * function of Python; of those, this reader knows the few that tensors are made of, calls nothing, and refuses everything else by name. What it builds is no
 * larger than the pickle.
 */
final class Unpickler {

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
    private static final Object MARK = new Object();
    private static final Object NONE = new Object();

    /** One of the names that are known. */
    private record Global(String name) {}

    /**
     * Elements of one type that lie together.
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
     * @param strides how many elements of the storage each dimension's step is
     */
    record Tensor(Storage storage, long offset, List<Long> shape, List<Long> strides) {}

    private final String file;
    private final ByteBuffer in;
    private final Deque<Object> stack = new ArrayDeque<>();
    private final Map<Integer, Object> memo = new HashMap<>();

    private Unpickler(String file, ByteBuffer in) {
        this.file = file;
        this.in = in.order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads one pickle.
     *
     * @return a {@link Map}, {@link List}, {@link Tensor}, {@link String}, {@link Long}, {@link Double} or {@link Boolean}
     * @throws WeightsException if it holds anything else, or is not whole
     */
    static Object read(String file, ByteBuffer pickle) throws WeightsException {
        Unpickler unpickler = new Unpickler(file, pickle);
        try {
            while (true) {
                int opcode = unpickler.in.get() & 0xff;
                if (opcode == '.') {
                    return unpickler.pop();
                }
                unpickler.apply(opcode);
            }
        } catch (BufferUnderflowException end) {
            throw new WeightsException("%s: its pickle is truncated".formatted(file), end);
        }
    }

    private void apply(int opcode) throws WeightsException {
        switch (opcode) {
            case 0x80 -> in.get(); // PROTO: the opcodes below are those that matter
            case '}' -> stack.push(new LinkedHashMap<Object, Object>());
            case ']' -> stack.push(new ArrayList<Object>());
            case ')' -> stack.push(List.of());
            case '(' -> stack.push(MARK);
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
            case 'c' -> stack.push(global());
            case 'q' -> memo.put(in.get() & 0xff, top());
            case 'r' -> memo.put(in.getInt(), top());
            case 'h' -> stack.push(remembered(in.get() & 0xff));
            case 'j' -> stack.push(remembered(in.getInt()));
            case 0x85 -> tuple(1);
            case 0x86 -> tuple(2);
            case 0x87 -> tuple(3);
            case 't' -> stack.push(List.copyOf(toMark()));
            case 'a' -> {
                Object item = pop();
                list(top()).add(item);
            }
            case 'e' -> {
                List<Object> items = toMark();
                list(top()).addAll(items);
            }
            case 's' -> {
                Object value = pop();
                Object key = pop();
                set(dictionary(top()), key, value);
            }
            case 'u' -> setItems();
            case 'Q' -> stack.push(storage(pop()));
            case 'R' -> {
                Object arguments = pop();
                stack.push(call(pop(), arguments));
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

    private Global global() throws WeightsException {
        String name = line() + " " + line();
        if (!STORAGES.containsKey(name)
                && !List.of(ORDERED_DICT, TENSOR, PARAMETER).contains(name)) {
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

    private Object pop() throws WeightsException {
        Object value = stack.poll();
        if (value == null || value == MARK) {
            throw refused("an empty stack");
        }
        return value;
    }

    private Object top() throws WeightsException {
        Object value = stack.peek();
        if (value == null || value == MARK) {
            throw refused("an empty stack");
        }
        return value;
    }

    private List<Object> toMark() throws WeightsException {
        List<Object> items = new ArrayList<>();
        for (Object item = stack.poll(); item != MARK; item = stack.poll()) {
            if (item == null) {
                throw refused("an empty stack");
            }
            items.add(item);
        }
        return items.reversed();
    }

    private void tuple(int size) throws WeightsException {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            items.add(pop());
        }
        stack.push(List.copyOf(items.reversed()));
    }

    private void setItems() throws WeightsException {
        List<Object> items = toMark();
        if (items.size() % 2 != 0) {
            throw refused("a key without a value");
        }
        Map<Object, Object> dictionary = dictionary(top());
        for (int i = 0; i < items.size(); i += 2) {
            set(dictionary, items.get(i), items.get(i + 1));
        }
    }

    private void set(Map<Object, Object> dictionary, Object key, Object value) throws WeightsException {
        // Only these have hash codes that end: a list may hold itself.
        if (!(key instanceof String || key instanceof Long || key instanceof Boolean || key instanceof Double)) {
            throw refused("a key that is a " + kind(key));
        }
        dictionary.put(key, value);
    }

    /** {@code ('storage', type, key, location, elements)}; where it was, CPU or GPU, does not matter here. */
    private Storage storage(Object id) throws WeightsException {
        if (id instanceof List<?> parts
                && parts.size() == 5
                && "storage".equals(parts.get(0))
                && parts.get(1) instanceof Global(String name)
                && STORAGES.containsKey(name)
                && parts.get(2) instanceof String key
                && parts.get(4) instanceof Long elements
                && elements >= 0) {
            return new Storage(key, Objects.requireNonNull(STORAGES.get(name)), elements);
        }
        throw refused("a storage that is none");
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

    /** A state dictionary carries its version numbers as an attribute; they change nothing. Nothing else is built. */
    private void build() throws WeightsException {
        Object state = pop();
        if (!(top() instanceof Map<?, ?>) || !(state instanceof Map<?, ?>)) {
            throw refused("the state of a " + kind(top()));
        }
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
