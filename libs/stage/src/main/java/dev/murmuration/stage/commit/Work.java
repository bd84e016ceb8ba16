package dev.murmuration.stage.commit;

import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** What a stage does between its channel and its transactions. {@link ChannelDriver} makes one call at a time. */
public interface Work {

    /**
     * Decides about a batch and commits the decisions by {@link ChannelDriver#commit}, one or many, now or in a later call. May
     * take hours. Any exception ends the process.
     */
    void process(ConsumerRecords<byte[], byte[]> batch) throws InterruptedException;

    /** Called about once a second while no batch is being processed. */
    default void idle() throws InterruptedException {}

    /** Forgets the records of a partition that was taken away before they were committed: they are read again, here or by its new owner. */
    default void drop(TopicPartition partition) {}
}
