package dev.murmuration.schemas;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Says on one partition that a finite feed ended: nothing of that feed follows there. The crawler writes one on every partition
 * of `tweets`, each stage passes on what it read once everything before it is done. A stage that merges partitions waits for all
 * {@code of} of them.
 *
 * <p>On the wire it is a record with key {@code end-of-feed:<feed>:<partition>}, a null value and the header {@code end-of-feed}
 * = {@code feed/partition/of}. The null value keeps compacted topics clean: to a reader that does not know the header it is the
 * deletion of an id that nobody has.
 *
 * @param feed name of the feed
 * @param partition which of the writing stage's partitions it closes, from 0
 * @param of how many partitions the writing stage closes
 */
public record EndOfFeed(String feed, int partition, int of) {

    private static final int MOST_FEED_CHARS = 255;
    private static final int MOST_PARTITIONS = 1 << 16;

    /** Name of the header that marks the record. */
    public static final String HEADER = "end-of-feed";

    /** Checks that the partition is one of them, and limits what readers remember of it: a name of 255 characters and 65,536 partitions. */
    public EndOfFeed {
        if (feed.isEmpty()
                || feed.length() > MOST_FEED_CHARS
                || feed.contains("/")
                || partition < 0
                || partition >= of
                || of > MOST_PARTITIONS) {
            throw new IllegalArgumentException("end of feed '%s', partition %d of %d".formatted(feed, partition, of));
        }
    }

    /** The record's key. */
    public String key() {
        return HEADER + ":" + feed + ":" + partition;
    }

    /** The value of the header {@link #HEADER}. */
    public byte[] header() {
        return (feed + "/" + partition + "/" + of).getBytes(StandardCharsets.UTF_8);
    }

    /** The record that closes this feed on a topic of one partition, for a stage that has read all of its markers. */
    public ProducerRecord<byte[], byte[]> passedOn(String topic) {
        EndOfFeed only = new EndOfFeed(feed, 0, 1);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, only.key().getBytes(StandardCharsets.UTF_8), null);
        record.headers().add(HEADER, only.header());
        return record;
    }

    /** The marker in these headers; empty if there is none or it is malformed. */
    public static Optional<EndOfFeed> in(@Nullable Headers headers) {
        Header header = headers == null ? null : headers.lastHeader(HEADER);
        if (header == null || header.value() == null) {
            return Optional.empty();
        }
        String[] parts = new String(header.value(), StandardCharsets.UTF_8).split("/", -1);
        try {
            return parts.length == 3
                    ? Optional.of(new EndOfFeed(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2])))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
