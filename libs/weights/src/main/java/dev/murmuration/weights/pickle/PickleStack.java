package dev.murmuration.weights.pickle;

import dev.murmuration.weights.WeightsException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stack of the pickle machine, with its marks. */
final class PickleStack {

    private static final Object MARK = new Object();

    private final String file;
    private final Deque<Object> values = new ArrayDeque<>();

    /**
     * An empty one.
     *
     * @param file for messages
     */
    PickleStack(String file) {
        this.file = file;
    }

    void clear() {
        values.clear();
    }

    void push(Object value) {
        values.push(value);
    }

    void mark() {
        values.push(MARK);
    }

    Object pop() throws WeightsException {
        return checked(values.poll());
    }

    Object top() throws WeightsException {
        return checked(values.peek());
    }

    /** Pops everything above the last mark, and the mark. */
    List<Object> toMark() throws WeightsException {
        List<Object> items = new ArrayList<>();
        for (Object item = values.poll(); item != MARK; item = values.poll()) {
            items.add(checked(item));
        }
        return items.reversed();
    }

    /** Replaces this many topmost items by a tuple of them. */
    void tuple(int size) throws WeightsException {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            items.add(pop());
        }
        push(List.copyOf(items.reversed()));
    }

    private Object checked(@Nullable Object value) throws WeightsException {
        if (value == null || value == MARK) {
            throw new WeightsException("%s: its pickle has an empty stack, which weights do not need".formatted(file));
        }
        return value;
    }
}
