package dev.murmuration.local.audit;

/**
 * The position of a record.
 *
 * @param partition of its topic
 * @param offset in the partition
 * @param timestamp of the record, milliseconds since the epoch
 */
public record RecordPosition(int partition, long offset, long timestamp) {}
