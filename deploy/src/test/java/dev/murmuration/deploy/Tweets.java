package dev.murmuration.deploy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The topic tweets, from outside: what the crawler wrote, copies of it as a backlog, and how far the teacher's group is. */
final class Tweets implements AutoCloseable {

    private static final String TOPIC = "tweets";
    private static final String GROUP = "teacher";

    private final Map<String, Object> settings;
    private final Admin admin;
    private final List<ConsumerRecord<byte[], byte[]>> originals = new ArrayList<>();

    Tweets(SecuredBroker broker) {
        settings = broker.settings(SecuredBroker.ADMIN);
        admin = broker.client(SecuredBroker.ADMIN);
    }

    /** How many records there are, markers of transactions included. */
    long count() throws ExecutionException, InterruptedException {
        return ends().values().stream().mapToLong(Long::longValue).sum();
    }

    /** The id of the first one that the crawler wrote. */
    String first() throws ExecutionException, InterruptedException {
        read();
        return new String(originals.getFirst().key(), StandardCharsets.UTF_8);
    }

    /** Limits each client of the teacher's user to this many bytes per second, by a broker quota; without a number, no longer. */
    void limitTeachers(@Nullable Double bytesPerSecond) throws ExecutionException, InterruptedException {
        Map<String, String> each = new HashMap<>();
        each.put(ClientQuotaEntity.USER, "CN=teacher");
        each.put(ClientQuotaEntity.CLIENT_ID, null);
        admin.alterClientQuotas(List.of(new ClientQuotaAlteration(
                        new ClientQuotaEntity(each),
                        List.of(new ClientQuotaAlteration.Op("consumer_byte_rate", bytesPerSecond)))))
                .all()
                .get();
    }

    /** Adds this many copies of records that the crawler wrote. */
    void add(int records) throws ExecutionException, InterruptedException {
        if (originals.isEmpty()) {
            read();
        }
        int partitions = ends().size();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < records; i++) {
                ConsumerRecord<byte[], byte[]> original = originals.get(i % originals.size());
                // Spread evenly, as many different tweets would be.
                sent.add(producer.send(new ProducerRecord<>(
                        TOPIC, i % partitions, original.key(), original.value(), original.headers())));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    private void read() throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> ends = ends();
        Map<String, Object> committed = new HashMap<>(settings);
        committed.put("isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(committed, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(originals::add);
            }
        }
        originals.removeIf(record -> record.value() == null);
    }

    /** Records that the teacher's group has not committed. */
    long lag() throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get();
        long lag = 0;
        for (Map.Entry<TopicPartition, Long> end : ends().entrySet()) {
            OffsetAndMetadata position = committed.get(end.getKey());
            lag += end.getValue() - (position == null ? 0 : position.offset());
        }
        return lag;
    }

    /**
     * Lets the teacher's group begin behind everything; false while it still has members, which static ones are until their session ends.
     */
    boolean skip() throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        ends().forEach((partition, end) -> positions.put(partition, new OffsetAndMetadata(end)));
        try {
            admin.alterConsumerGroupOffsets(GROUP, positions).all().get();
            return true;
        } catch (ExecutionException e) {
            return false; // not yet
        }
    }

    private Map<TopicPartition, Long> ends() throws ExecutionException, InterruptedException {
        TopicDescription described = Objects.requireNonNull(
                admin.describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC));
        Set<TopicPartition> partitions = described.partitions().stream()
                .map(partition -> new TopicPartition(TOPIC, partition.partition()))
                .collect(Collectors.toSet());
        Map<TopicPartition, OffsetSpec> latest =
                partitions.stream().collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
                admin.listOffsets(latest).all().get().entrySet()) {
            ends.put(end.getKey(), end.getValue().offset());
        }
        return ends;
    }

    @Override
    public void close() {
        admin.close();
    }
}
