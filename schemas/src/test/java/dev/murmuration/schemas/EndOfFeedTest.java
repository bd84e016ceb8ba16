package dev.murmuration.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndOfFeedTest {

    @Test
    void isReadBackFromItsHeader() {
        EndOfFeed marker = new EndOfFeed("recorded", 1, 2);

        assertThat(EndOfFeed.in(new RecordHeaders().add(EndOfFeed.HEADER, marker.header())))
                .contains(marker);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "recorded", "recorded/1", "recorded/2/2", "recorded/-1/2", "/0/1", "recorded/x/2", "a/b/0/1"
            })
    void isNotReadFromAMalformedHeader(String header) {
        Headers headers = new RecordHeaders().add(EndOfFeed.HEADER, header.getBytes(StandardCharsets.UTF_8));

        assertThat(EndOfFeed.in(headers)).isEmpty();
    }

    @Test
    void closesItsFeedOnATopicOfOnePartition() {
        ProducerRecord<byte[], byte[]> record = new EndOfFeed("recorded", 1, 2).passedOn("checkpoints");

        assertThat(record.topic()).isEqualTo("checkpoints");
        assertThat(record.key()).asString().isEqualTo("end-of-feed:recorded:0");
        assertThat(record.value()).isNull();
        assertThat(EndOfFeed.in(record.headers())).contains(new EndOfFeed("recorded", 0, 1));
    }

    @Test
    void isNotInARecordWithoutHeaders() {
        assertThat(EndOfFeed.in(null)).isEmpty();
    }

    @Test
    void closesOnePartitionOfThoseThereAre() {
        assertThatThrownBy(() -> new EndOfFeed("recorded", 2, 2)).hasMessageContaining("partition 2 of 2");
    }
}
