package dev.murmuration.filter.topology;

import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.TopicNames;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Dead letters of the topology's operators. */
final class DeadLetters {

    private DeadLetters() {}

    /** The dead letter of the record that the operator of this context is processing. */
    static Record<byte[], ProcessorOutput> of(
            TopicNames names,
            Record<byte[], ? extends byte @Nullable []> record,
            ProcessorContext<byte[], ProcessorOutput> context,
            String reason,
            int maxBytes) {
        RecordMetadata from = context.recordMetadata().orElseThrow();
        ConsumerRecord<byte[], byte[]> read =
                new ConsumerRecord<>(from.topic(), from.partition(), from.offset(), record.key(), record.value());
        record.headers().forEach(read.headers()::add);
        ProducerRecord<byte[], byte[]> letter = DeadLetter.of(names, "filter", read, reason, maxBytes);
        byte[] value = letter.value() == null ? new byte[0] : letter.value();
        return new Record<>(
                letter.key(),
                new ProcessorOutput(ProcessorOutput.To.DEAD_LETTERS, value),
                record.timestamp(),
                letter.headers());
    }
}
