package dev.murmuration.filter.shard;

import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.shard.SampleKey;
import dev.murmuration.stage.store.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What the packer makes of records, with a real store and without a broker.
 *
 * @param shards their events; they are in the store
 * @param records everything that would be committed
 */
public record PackedStream(List<Shard> shards, List<ProducerRecord<byte[], byte[]>> records) {

    /** Packs these records of one partition by the code that packs them in the service, ten samples a shard. */
    public static PackedStream of(
            ObjectStore store,
            List<ConsumerRecord<byte[], byte[]>> labelled,
            Function<ConsumerRecord<byte[], byte[]>, Decoded<LabelledImage>> reader,
            BiFunction<Topic, SpecificRecord, byte[]> writer,
            int mostBytes)
            throws InterruptedException {
        PackedStream packed = new PackedStream(new ArrayList<>(), new ArrayList<>());
        ShardSealer sealing = new ShardSealer(store, writer, TopicNames.PLAIN, Map.of());
        ShardBuilder packing = new ShardBuilder(
                dataset -> new CutLimits(10, 1 << 20, Duration.ofDays(1)),
                source -> "",
                TopicNames.PLAIN,
                mostBytes,
                Clock.systemUTC());
        try (ExecutorService fetchers = Executors.newFixedThreadPool(2)) {
            Arrivals arrivals = new Arrivals(
                    labelled.iterator(),
                    reader,
                    new Photos(store, new PhotoForm(512, 0.9f, 40_000_000), 2),
                    fetchers,
                    8);
            while (arrivals.hasNext()) {
                ShardBuilder.Decision decision = packing.pack(arrivals.next());
                decision.deletedTweets().forEach(sealing::redact);
                decision.cuts().forEach(cut -> packed.add(sealing.seal(cut)));
            }
        }
        packing.cutIdle(Duration.ofDays(-1)).forEach(cut -> packed.add(sealing.seal(cut)));
        return packed;
    }

    private void add(ShardSealer.Sealed sealed) {
        shards.addAll(sealed.shards());
        records.addAll(sealed.records());
    }

    /** The key of a photo's sample. */
    public static String sampleKey(String tweetId, int index) {
        return SampleKey.of(tweetId, index).toString();
    }
}
