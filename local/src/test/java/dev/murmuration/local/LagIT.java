package dev.murmuration.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.cluster.Groups;
import dev.murmuration.cluster.LagExporter;
import dev.murmuration.cluster.Reading;
import dev.murmuration.local.platform.PlatformSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How far groups are behind, against the real broker. */
class LagIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    private final PlatformSettings platform = TestPlatform.settings();
    private final Map<String, Object> kafka = Map.of("bootstrap.servers", platform.bootstrapServers());
    private final Admin admin = Admin.create(kafka);
    private final Groups groups = new Groups(kafka, TIMEOUT);
    private final String topic = "lag-" + UUID.randomUUID();
    private final String group = "of-" + topic;
    private final TopicPartition partition = new TopicPartition(topic, 0);

    @BeforeEach
    void make() throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
    }

    @AfterEach
    void disconnect() throws Exception {
        groups.close();
        admin.deleteTopics(List.of(topic)).all().get();
        admin.close();
    }

    @Test
    void countsRecordsAndTellsTheTimeOfTheFirstThatWaits() throws Exception {
        send(3);
        commit(1);

        Reading reading = reading();

        // Offsets 0 to 2 are records, 3 is the marker of their transaction.
        assertThat(reading.committed()).isEqualTo(1);
        assertThat(reading.end()).isEqualTo(4);
        assertThat(reading.records()).isEqualTo(3);
        assertThat(reading.oldest()).contains(FIRST.plusSeconds(1));
        assertThat(reading.age(FIRST.plusSeconds(61))).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void aGroupThatNeverCommittedStandsAtTheBeginning() throws Exception {
        send(2);

        Reading reading = reading();

        assertThat(reading.committed()).isZero();
        assertThat(reading.oldest()).contains(FIRST);
    }

    @Test
    void theMarkerOfATransactionIsNoLag() throws Exception {
        send(2);
        commit(2);

        Map<TopicPartition, Reading> readings = groups.readings(group, List.of(topic));

        assertThat(readings).containsKey(partition);
        assertThat(reading().end()).isEqualTo(3);
        assertThat(readings.values()).allMatch(reading -> reading.records() == 0);
    }

    @Test
    void looksAgainWhereSomethingCameOrWasCommitted() throws Exception {
        send(2);
        commit(2);
        assertThat(reading().records()).isZero();
        send(1);
        Reading behind = reading();
        commit(4);

        assertThat(behind.oldest()).contains(FIRST);
        assertThat(reading().records()).isZero();
    }

    /** A quota as an operator may give to a user of the cluster; it is taken off afterwards. */
    @Test
    void aRecordThatAQuotaWithholdsHasWaitedSinceItWasAskedFor() throws Exception {
        ClientQuotaEntity tail = new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, "lag-tail"));
        limit(tail, 1.0);
        try (Groups limited = new Groups(kafka, Duration.ofSeconds(3))) {
            send(3);
            limited.readings(group, List.of(topic));
            commit(1);
            Instant asked = Instant.now();

            Reading reading = Objects.requireNonNull(
                    limited.readings(group, List.of(topic)).get(partition));

            assertThat(reading.records()).isEqualTo(3);
            assertThat(reading.oldest())
                    .hasValueSatisfying(since -> assertThat(since).isAfterOrEqualTo(asked));
        } finally {
            limit(tail, null);
        }
    }

    private void limit(ClientQuotaEntity clients, @Nullable Double bytesPerSecond) throws Exception {
        ClientQuotaAlteration.Op rate = new ClientQuotaAlteration.Op("consumer_byte_rate", bytesPerSecond);
        admin.alterClientQuotas(List.of(new ClientQuotaAlteration(clients, List.of(rate))))
                .all()
                .get();
    }

    private Reading reading() throws Exception {
        return Objects.requireNonNull(groups.readings(group, List.of(topic)).get(partition));
    }

    @Test
    void theExporterServesEveryGroup() throws Exception {
        send(3);
        commit(1);
        Clock later = Clock.fixed(FIRST.plusSeconds(61), ZoneOffset.UTC);
        try (LagExporter exporter = LagExporter.start(kafka, "localhost", 0, TIMEOUT, later)) {
            String text = get(exporter);

            String labels = "{group=\"%s\",topic=\"%s\",partition=\"0\"}".formatted(group, topic);
            assertThat(text.lines())
                    .contains(
                            "murmuration_group_lag_records%s 3".formatted(labels),
                            "murmuration_group_lag_seconds%s 60".formatted(labels),
                            "murmuration_group_standing_seconds%s 0".formatted(labels),
                            "murmuration_group_committed_offset%s 1".formatted(labels),
                            "murmuration_group_end_offset%s 4".formatted(labels))
                    .contains("# TYPE murmuration_group_lag_seconds gauge");
        }
    }

    /** Requests that nobody waits for any more would pile up before the others. */
    @Test
    void theExporterAsksTheClusterOnceInFiveSeconds() throws Exception {
        send(3);
        commit(1);
        AtomicReference<Instant> now = new AtomicReference<>(FIRST);
        InstantSource clock = now::get;
        try (LagExporter exporter = LagExporter.start(kafka, "localhost", 0, TIMEOUT, clock.withZone(ZoneOffset.UTC))) {
            String committed = "murmuration_group_committed_offset{group=\"%s\",topic=\"%s\",partition=\"0\"} "
                    .formatted(group, topic);
            assertThat(get(exporter)).contains(committed + "1");
            commit(4);
            now.set(FIRST.plusSeconds(4));
            assertThat(get(exporter)).contains(committed + "1");
            now.set(FIRST.plusSeconds(5));
            assertThat(get(exporter)).contains(committed + "4");
        }
    }

    private static String get(LagExporter exporter) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:%d/metrics".formatted(exporter.port())))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    /** In one transaction, a second of the stream's time apart. */
    private void send(int count) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", platform.bootstrapServers(), "transactional.id", topic),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sent.add(producer.send(
                        new ProducerRecord<>(topic, 0, FIRST.plusSeconds(i).toEpochMilli(), null, new byte[] {1})));
            }
            producer.commitTransaction();
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    private void commit(long offset) throws Exception {
        admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(offset)))
                .all()
                .get();
    }
}
