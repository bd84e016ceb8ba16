package dev.murmuration.stage.store;

/**
 * What the object store had under a key.
 *
 * @param <T> where the bytes went: {@code byte[]} or {@code Path}
 */
public sealed interface Fetched<T> {

    /** The bytes, and they are what their SHA-256 promised. */
    record Found<T>(T value) implements Fetched<T> {}

    /** Nothing under this key. */
    record Missing<T>() implements Fetched<T> {}

    /** Something else than promised; {@code detail} says what. */
    record Damaged<T>(String detail) implements Fetched<T> {}
}
