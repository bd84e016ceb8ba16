package dev.murmuration.filter.redaction;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.filter.lineage.ErasureMarks;
import dev.murmuration.filter.lineage.Kind;
import dev.murmuration.filter.lineage.SampleIndex;
import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Topics;
import dev.murmuration.shard.Redactions;
import dev.murmuration.shard.SampleKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Takes a person's tweets out of everything that is held, by the way of a deletion by a network: tombstones, the list of
 * redactions, shards without their samples. Started again after a failure, it does the rest.
 */
public final class Erasure {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Pipeline pipeline;
    private final Clock clock;

    /** Erases with this clock. */
    public Erasure(Pipeline pipeline, Clock clock) {
        this.pipeline = pipeline;
        this.clock = clock;
    }

    /** Erases and returns the receipt. */
    public ObjectNode run(Holdings held) throws IOException {
        List<ProducerRecord<byte[], byte[]>> tombstones = tombstones(held);
        pipeline.send(tombstones);
        held.tweets()
                .forEach(id -> pipeline.store().put(Redactions.objectKey(id), Redactions.content(id), "text/plain"));
        // Before the shards change: afterwards nothing tells any more what rests on these samples.
        ObjectNode mark = mark(held);
        if (!mark.path("checkpoints").isEmpty()) {
            pipeline.store().put(markKey(held), JSON.writeValueAsBytes(mark), "application/json");
        }
        ShardRedaction.Done shards = new ShardRedaction(pipeline, clock).run(false);
        TreeSet<String> photos = new TreeSet<>(held.photos());
        photos.removeAll(held.shared());
        photos.forEach(pipeline.store()::delete);
        held.reach().shards().keySet().stream()
                .map(shard -> shard.facts().get("sha256"))
                .distinct()
                .forEach(hash -> pipeline.store().delete(SampleIndex.PREFIX + hash));
        return receipt(held, tombstones.size(), shards, photos, mark);
    }

    private static List<ProducerRecord<byte[], byte[]>> tombstones(Holdings held) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        // On tweets for whatever is still on its way; the others do not wait for services that may not run, or no
        // longer.
        held.records().forEach((topic, places) -> {
            if (Pipeline.hasTombstones(topic)) {
                places.partitions()
                        .forEach(
                                (id, partition) -> records.add(new ProducerRecord<>(topic, partition, utf8(id), null)));
            }
        });
        return records;
    }

    // The same when the erasure is started again, so that no sample counts twice.
    private static String markKey(Holdings held) {
        String what = String.join("\n", held.tweets())
                + "\n\n"
                + String.join("\n", held.shards().keySet());
        return ErasureMarks.PREFIX + Sha256.hex(what) + ".json";
    }

    // Without the person's ids: it stays for as long as the checkpoints do.
    private ObjectNode mark(Holdings held) {
        ObjectNode mark = JSON.createObjectNode().put("erased", clock.instant().toString());
        ArrayNode checkpoints = mark.putArray("checkpoints");
        held.results(Kind.CHECKPOINT)
                .forEach((checkpoint, samples) -> checkpoints
                        .addObject()
                        .put("checkpoint", checkpoint.name())
                        .put("sha256", checkpoint.id())
                        .put("samples", samples));
        return mark;
    }

    private ObjectNode receipt(
            Holdings held, int tombstones, ShardRedaction.Done shards, Set<String> photos, ObjectNode mark) {
        ObjectNode receipt = mark.deepCopy();
        ArrayNode tweets = receipt.putArray("tweets");
        held.tweets().forEach(id -> tweets.addObject().put("id", id).put("redaction", SampleKey.tweetHash(id)));
        receipt.put("tombstones", tombstones);
        receipt.put("samplesTakenOut", shards.samples());
        ArrayNode rewritten = receipt.putArray("shardsRewritten");
        held.shards().keySet().forEach(rewritten::add);
        ArrayNode deleted = receipt.putArray("photosDeleted");
        photos.forEach(deleted::add);
        ArrayNode kept = receipt.putArray("photosOfOtherTweetsToo");
        held.shared().forEach(kept::add);
        ArrayNode accuracies = receipt.putArray("accuracies");
        held.results(Kind.ACCURACY).keySet().forEach(accuracy -> accuracies.add(accuracy.name()));
        ObjectNode waiting = receipt.putObject("goneFromTopicsBy");
        Set<String> topics = new TreeSet<>(held.records().keySet());
        topics.add(Topics.REJECTIONS.name()); // It says what was taken out of shards.
        topics.forEach(
                topic -> waiting.put(topic, goneBy(topic).map(Instant::toString).orElse("unknown")));
        return receipt;
    }

    /** When the broker has deleted the last of these records, by the topic's own settings; empty where they set no limit. */
    private Optional<Instant> goneBy(String topic) {
        Map<String, String> config = pipeline.config(topic);
        boolean isCompacted = config.getOrDefault("cleanup.policy", "").contains("compact");
        long time = Long.parseLong(config.getOrDefault(isCompacted ? "max.compaction.lag.ms" : "retention.ms", "-1"));
        // A segment goes as a whole, when the newest record in it is old enough.
        long segment = isCompacted ? 0 : Long.parseLong(config.getOrDefault("segment.ms", "0"));
        return time < 0 || time == Long.MAX_VALUE
                ? Optional.empty()
                : Optional.of(clock.instant().plusMillis(time).plusMillis(segment));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
