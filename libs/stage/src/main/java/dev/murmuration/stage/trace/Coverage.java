package dev.murmuration.stage.trace;

/**
 * Records that one event was made of.
 *
 * @param topic where they are
 * @param partition of it
 * @param first the first offset
 * @param last the last offset, included
 */
public record Coverage(String topic, int partition, long first, long last) {}
