package dev.murmuration.console.topic;

/**
 * Receives the events of one topic, in the order of each partition.
 *
 * @param <T> the event of the topic
 */
@FunctionalInterface
public interface EventListener<T> {

    /** An event. */
    void event(T event, Position position);

    /** What this key names was deleted by its author. */
    default void deleted(String key) {}
}
