package dev.murmuration.trainer;

import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.ReplacedShard;
import dev.murmuration.schemas.Shard;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.trainer.data.ShardDecoder;
import dev.murmuration.trainer.data.ShardReference;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record of {@code shards} that was looked at before its turn.
 *
 * @param event what it says
 * @param contents of its shard, where they were fetched ahead
 */
record PrefetchedShard(Decoded<Shard> event, Optional<Fetched<ShardDecoder.Contents>> contents) {

    /**
     * How records are looked at: nothing is fetched ahead for long that might not be wanted, or that is too large to lie beside
     * the one in hand.
     *
     * @param reader of the records
     * @param wanted shards that are learned or measured on
     * @param fetch gets a shard's samples
     * @param samplesAhead shards with more samples are left until their turn
     */
    record Look(
            EventReader<Shard> reader,
            Predicate<Shard> wanted,
            Function<ShardReference, Fetched<ShardDecoder.Contents>> fetch,
            int samplesAhead) {

        /**
         * Looks at a record.
         *
         * @param isItsTurn whether nothing is learned meanwhile
         */
        PrefetchedShard at(ConsumerRecord<byte[], byte[]> record, boolean isItsTurn) {
            Decoded<Shard> event = reader.read(record.headers(), record.value());
            if (event instanceof Decoded.Event<Shard>(Shard shard)
                    && wanted.test(shard)
                    && ReplacedShard.in(record.headers()).isEmpty()
                    && (isItsTurn || shard.getSamples() <= samplesAhead)) {
                return new PrefetchedShard(
                        event, Optional.of(fetch.apply(new ShardReference(shard.getKey(), shard.getSha256()))));
            }
            return new PrefetchedShard(event, Optional.empty());
        }
    }
}
