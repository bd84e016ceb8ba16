package dev.murmuration.console.track;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.console.dataset.DataSets;
import dev.murmuration.console.training.Runs;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class TrackerTest {

    private static final int PARTITIONS = 12;
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final MockConsumer<byte[], byte[]> kafka = new MockConsumer<>(AutoOffsetResetStrategy.EARLIEST.name());
    private final List<String> read = new ArrayList<>();

    TrackerTest() {
        for (String topic : List.of(
                Topics.TWEETS.name(),
                Topics.SCORED_TWEETS.name(),
                Topics.LABELLED_IMAGES.name(),
                Topics.REJECTIONS.name())) {
            kafka.updatePartitions(
                    topic,
                    IntStream.range(0, PARTITIONS)
                            .mapToObj(partition ->
                                    new PartitionInfo(topic, partition, Node.noNode(), new Node[0], new Node[0]))
                            .toList());
            holds(topic, 0);
        }
    }

    /** All partitions of a topic end at this offset. */
    private void holds(String topic, long end) {
        Map<TopicPartition, Long> starts = new HashMap<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            starts.put(new TopicPartition(topic, partition), 0L);
            ends.put(new TopicPartition(topic, partition), end);
        }
        kafka.updateBeginningOffsets(starts);
        kafka.updateEndOffsets(ends);
    }

    private void written(String topic, int partition, long offset, String key) {
        kafka.addRecord(new ConsumerRecord<>(topic, partition, offset, utf8(key), utf8("text")));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private TopicSearch search(long history) {
        return new TopicSearch(() -> kafka, history);
    }

    private Tracker tracker(Duration limit) {
        return new Tracker(
                search(100), RegistrySettings.apicurio("http://localhost:1"), limit, new DataSets(), new Runs());
    }

    @Test
    void readsThePartitionOfATweetAndNoOther() {
        holds("tweets", 1);
        int its = TopicSearch.partition("42", PARTITIONS);
        kafka.schedulePollTask(() -> written("tweets", its, 0, "42"));

        assertThat(search(100).read("tweets", Set.of("42"), Deadline.in(LONG), found -> read.add("42")))
                .isEmpty();

        assertThat(read).containsExactly("42");
        assertThat(kafka.assignment()).containsExactly(new TopicPartition("tweets", its));
    }

    @Test
    void readsAllPartitionsForWhatIsNoKey() {
        assertThat(search(100).read("tweets", Set.of(), Deadline.in(LONG), found -> {}))
                .isEmpty();

        assertThat(kafka.assignment()).hasSize(PARTITIONS);
    }

    @Test
    void findsNothingInATopicThatIsNotThere() {
        kafka.updatePartitions("tweets", List.of());

        assertThat(tracker(LONG).find("42")).isEqualTo(new Way("42", "tweet", List.of(), List.of(), List.of()));
    }

    @Test
    void startsAtTheNewestRecords() {
        holds("tweets", 7);
        int its = TopicSearch.partition("42", PARTITIONS);
        kafka.schedulePollTask(() -> {
            for (long offset = 0; offset < 7; offset++) {
                written("tweets", its, offset, "42");
            }
        });

        search(3).read("tweets", Set.of("42"), Deadline.in(LONG), found -> read.add("" + found.offset()));

        assertThat(read).containsExactly("4", "5", "6");
    }

    @Test
    void endsAtItsDeadlineAndSaysHowMuchItDidNotReach() {
        holds("tweets", 60);
        int its = TopicSearch.partition("42", PARTITIONS);
        kafka.schedulePollTask(() -> written("tweets", its, 0, "42"));

        assertThat(search(100).read("tweets", Set.of("42"), Deadline.in(SHORT), found -> read.add("42")))
                .contains("tweets: 59 offsets were not reached within 200 ms");

        assertThat(read).containsExactly("42");
    }

    @Test
    void saysWhichTopicsItHasNotReadWhenKafkaIsSilent() {
        kafka.setOffsetsException(new TimeoutException("silent"));

        Way way = tracker(SHORT).find("42");

        assertThat(way.tweets()).isEmpty();
        assertThat(way.unread()).containsExactly("tweets: Kafka did not answer within what was left of 200 ms");
    }

    @Test
    void findsNothingOfAnUnknownTweetInTopicsThatItHasRead() {
        assertThat(tracker(LONG).find("42")).isEqualTo(new Way("42", "tweet", List.of(), List.of(), List.of()));
    }

    /** As many as press the button again: none of them waits for all the others. */
    @Test
    void answersWithinItsLimitWhileAnotherSearchRuns() throws Exception {
        holds("tweets", 1);
        CountDownLatch searching = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        kafka.schedulePollTask(() -> {
            searching.countDown();
            try {
                assertThat(answered.await(1, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Tracker tracker = tracker(SHORT);
        CompletableFuture<Way> first = CompletableFuture.supplyAsync(() -> tracker.find("42"));
        assertThat(searching.await(1, TimeUnit.MINUTES)).isTrue();

        assertThat(tracker.find("43").unread()).containsExactly("nothing: another search is still running");

        answered.countDown();
        assertThat(first.get(1, TimeUnit.MINUTES).unread()).isNotEmpty();
    }
}
