package dev.murmuration.stage.trace;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka's clients call, those of Kafka Streams too: named in {@code kafka.interceptor.classes}. Without a trail it passes
 * everything on as it is.
 *
 * @param <K> of keys
 * @param <V> of values
 */
public final class Interceptor<K, V> implements ConsumerInterceptor<K, V>, ProducerInterceptor<K, V> {

    private static volatile @Nullable Trail trail;

    /** By Kafka's clients, by name. */
    public Interceptor() {}

    /** From now on records are followed; null: no more. */
    static void follow(@Nullable Trail by) {
        trail = by;
    }

    @Override
    public ConsumerRecords<K, V> onConsume(ConsumerRecords<K, V> records) {
        Trail follower = trail;
        if (follower != null) {
            records.forEach(follower::consumed);
        }
        return records;
    }

    @Override
    public ProducerRecord<K, V> onSend(ProducerRecord<K, V> record) {
        Trail follower = trail;
        if (follower != null) {
            follower.produced(record);
        }
        return record;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void onAcknowledgement(@Nullable RecordMetadata metadata, @Nullable Exception exception) {}

    @Override
    public void close() {}

    @Override
    public void configure(Map<String, ?> configs) {}
}
