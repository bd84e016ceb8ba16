package dev.murmuration.filter.shard;

import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.Split;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What one transaction seals: everything of a partition between two offsets.
 *
 * @param partition of labelled-images
 * @param firstOffset the first offset it covers
 * @param lastOffset the last one; the next is committed
 * @param shards samples in the order of their offsets
 * @param rejections photos that are in no shard
 * @param deadLetters records that were not valid events
 * @param marker the end-of-feed marker that closed the partition
 */
record Cut(
        int partition,
        long firstOffset,
        long lastOffset,
        Map<Name, List<Sample>> shards,
        List<Rejection> rejections,
        List<ProducerRecord<byte[], byte[]>> deadLetters,
        Optional<EndOfFeed> marker) {

    /** Which shard of a cut. */
    record Name(String dataset, Split split) implements Comparable<Name> {
        @Override
        public int compareTo(Name other) {
            int byDataset = dataset.compareTo(other.dataset);
            return byDataset != 0 ? byDataset : split.compareTo(other.split);
        }
    }
}
