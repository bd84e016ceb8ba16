package dev.murmuration.teacher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.TopicNames;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What needs no registry; scored tweets are written in {@link TeacherIT}. */
class OutgoingRecordsTest {

    private final OutgoingRecords letters =
            new OutgoingRecords(new EventWriter(RegistrySettings.apicurio("http://localhost:1")), TopicNames.PLAIN, 18);

    @Test
    void passADeletionToTheSamePartitionWithItsTime() {
        ProducerRecord<byte[], byte[]> sent = letters.of(read("7", null), new Outcome.Deleted());

        assertThat(sent.topic()).isEqualTo("scored-tweets");
        assertThat(sent.partition()).isEqualTo(3);
        assertThat(sent.timestamp()).isEqualTo(99L);
        assertThat(sent.key()).isEqualTo("7".getBytes(UTF_8));
        assertThat(sent.value()).isNull();
        assertThat(sent.headers()).isEmpty();
    }

    @Test
    void passAnEndToTheSamePartition() {
        EndOfFeed marker = new EndOfFeed("recorded", 1, 2);

        ProducerRecord<byte[], byte[]> sent = letters.of(read(marker.key(), null), new Outcome.FeedEnded(marker));

        assertThat(sent.partition()).isEqualTo(3);
        assertThat(sent.key()).isEqualTo(marker.key().getBytes(UTF_8));
        assertThat(EndOfFeed.in(sent.headers())).isEqualTo(Optional.of(marker));
    }

    @Test
    void buryWhatIsRefusedAsItWasRead() {
        ProducerRecord<byte[], byte[]> sent = letters.of(read("7", "0123456789"), new Outcome.DeadLettered("because"));

        assertThat(sent.topic()).isEqualTo("teacher-dead-letters");
        assertThat(sent.key()).isEqualTo("7".getBytes(UTF_8));
        assertThat(sent.value()).isEqualTo("0123456789".getBytes(UTF_8));
        assertThat(sent.headers().lastHeader(DeadLetter.REASON).value()).isEqualTo("because".getBytes(UTF_8));
        assertThat(sent.headers().lastHeader("own").value()).isEqualTo("kept".getBytes(UTF_8));
    }

    @Test
    void leaveOutWhatIsTooLargeEvenForADeadLetter() {
        ProducerRecord<byte[], byte[]> sent = letters.of(read("7", "0123456789+"), new Outcome.DeadLettered("because"));

        assertThat(sent.value()).isEmpty();
        assertThat(new String(sent.headers().lastHeader(DeadLetter.REASON).value(), UTF_8))
                .isEqualTo("because; its value of 11 bytes is left out, it is where it was read");
        assertThat(sent.headers().lastHeader(DeadLetter.OFFSET).value()).isEqualTo("5".getBytes(UTF_8));
    }

    @Test
    void buryADeletionOfNothing() {
        ProducerRecord<byte[], byte[]> sent = letters.of(read(null, null), new Outcome.Deleted());

        assertThat(sent.topic()).isEqualTo("teacher-dead-letters");
        assertThat(sent.headers().lastHeader(DeadLetter.REASON).value())
                .isEqualTo("a deletion without a key".getBytes(UTF_8));
    }

    private static ConsumerRecord<byte[], byte[]> read(@Nullable String key, @Nullable String value) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("own", "kept".getBytes(UTF_8));
        return new ConsumerRecord<>(
                "tweets",
                3,
                5,
                99,
                TimestampType.CREATE_TIME,
                0,
                0,
                bytes(key),
                bytes(value),
                headers,
                Optional.empty());
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }
}
