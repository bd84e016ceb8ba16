package dev.murmuration.filter.redaction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.filter.version.Manifest;
import dev.murmuration.schemas.PerClass;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ReplacedShard;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.schemas.Topics;
import dev.murmuration.shard.Redactions;
import dev.murmuration.shard.ShardName;
import dev.murmuration.shard.ShardReader;
import dev.murmuration.shard.ShardSample;
import dev.murmuration.shard.ShardWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Rewrites the shards that contain samples of deleted tweets. Uploads the new ones first; then commits one transaction with their
 * events, which replace the old ones, and a rejection of every removed photo; then deletes the old objects. If it is killed in
 * between, an unreferenced object remains and the next run starts again.
 */
public final class ShardRedaction {

    private static final String GROUP = "redact";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Pipeline pipeline;
    private final Clock clock;

    /** @param clock dates the rejections */
    public ShardRedaction(Pipeline pipeline, Clock clock) {
        this.pipeline = pipeline;
        this.clock = clock;
    }

    /** Numbers of shards read and rewritten, and of samples removed. */
    public record Done(int read, int rewritten, long samples) {}

    private record Photo(String tweetId, int index) {}

    /** A shard's samples to remove. */
    private record Found(Map<Sentiment, Long> removed, List<Photo> photos) {}

    /**
     * Rewrites all shards with redacted samples.
     *
     * @param isDry only counts
     */
    public Done run(boolean isDry) throws IOException {
        Map<Integer, Long> from = pipeline.committed(GROUP, Topics.SHARDS.name());
        Redactions redacted = pipeline.redactions();
        List<Manifest.Entry> entries = Manifest.of(pipeline).newest().values().stream()
                .flatMap(version -> version.entries().stream())
                .toList();
        List<Manifest.Entry> old = new ArrayList<>();
        List<Shard> made = new ArrayList<>();
        Map<String, ProducerRecord<byte[], byte[]>> rejections = new TreeMap<>();
        long samples = 0;
        Path folder = Files.createTempDirectory("murmuration-redact-");
        Path tar = folder.resolve("shard.tar");
        Path without = folder.resolve("without.tar");
        try {
            for (Manifest.Entry entry : entries) {
                pipeline.download(entry.shard(), tar);
                Found found = find(tar, redacted);
                if (!found.photos().isEmpty()) {
                    samples += found.photos().size();
                    old.add(entry);
                    if (!isDry) {
                        made.add(rewrite(entry.shard(), found, tar, without, redacted));
                        for (Photo photo : found.photos()) {
                            // Once per photo, whatever the number of data sets of one labelling that have it.
                            rejections.computeIfAbsent(
                                    entry.names().prefix() + photo.tweetId() + "/" + photo.index(),
                                    once -> rejection(photo, entry.names()));
                        }
                    }
                }
                Files.delete(tar);
                Files.deleteIfExists(without);
            }
        } finally {
            Files.deleteIfExists(tar);
            Files.deleteIfExists(without);
            Files.delete(folder);
        }
        if (!made.isEmpty()) {
            long read = entries.stream().mapToLong(Manifest.Entry::offset).max().orElseThrow() + 1;
            pipeline.commit(
                    GROUP, Topics.SHARDS.name(), from, Map.of(0, read), records(old, made, rejections.values()));
            old.forEach(entry -> pipeline.store().delete(entry.shard().getKey()));
        }
        return new Done(entries.size(), old.size(), samples);
    }

    private static Found find(Path tar, Redactions redacted) throws IOException {
        Map<Sentiment, Long> removed = new TreeMap<>();
        List<Photo> photos = new ArrayList<>();
        try (ShardReader reader = ShardReader.open(tar, Pipeline.SHARD_LIMITS)) {
            for (Optional<ShardSample> sample = reader.next(); sample.isPresent(); sample = reader.next()) {
                if (redacted.contains(sample.get().key())) {
                    JsonNode json = JSON.readTree(sample.get().description().orElse(new byte[0]));
                    if (!json.path("label").isTextual() || !json.path("tweetId").isTextual()) {
                        throw new IOException("the sample %s does not say what it is"
                                .formatted(sample.get().key()));
                    }
                    removed.merge(Sentiment.valueOf(json.path("label").asText()), 1L, Long::sum);
                    photos.add(new Photo(
                            json.path("tweetId").asText(),
                            json.path("imageIndex").asInt()));
                }
            }
        }
        return new Found(removed, photos);
    }

    private Shard rewrite(Shard shard, Found found, Path tar, Path without, Redactions redacted) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(tar));
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(without))) {
            ShardWriter.copy(in, out, key -> !redacted.contains(key));
        }
        String sha256 = Sha256.hex(without);
        String key = ShardName.rewritten(shard, sha256);
        pipeline.store().putIfAbsent(key, without, sha256, ShardWriter.MEDIA_TYPE);
        PerClass before = shard.getPerClass();
        return Shard.newBuilder(shard)
                .setKey(key)
                .setSha256(sha256)
                .setBytes(Files.size(without))
                .setSamples(shard.getSamples() - found.photos().size())
                .setPerClass(new PerClass(
                        before.getNegative() - found.removed().getOrDefault(Sentiment.negative, 0L),
                        before.getNeutral() - found.removed().getOrDefault(Sentiment.neutral, 0L),
                        before.getPositive() - found.removed().getOrDefault(Sentiment.positive, 0L)))
                .build();
    }

    private ProducerRecord<byte[], byte[]> rejection(Photo photo, TopicNames names) {
        Rejection rejection = new Rejection(
                photo.tweetId(),
                photo.index(),
                "shards",
                "deleted",
                "deleted by its author after its shard was sealed",
                clock.instant());
        return new ProducerRecord<>(
                names.of(Topics.REJECTIONS), utf8(photo.tweetId()), pipeline.encoded(Topics.REJECTIONS, rejection));
    }

    private List<ProducerRecord<byte[], byte[]>> records(
            List<Manifest.Entry> old, List<Shard> made, Collection<ProducerRecord<byte[], byte[]>> rejections) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < made.size(); i++) {
            Shard shard = made.get(i);
            TopicNames names = old.get(i).names();
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    Topics.SHARDS.name(), utf8(shard.getDataset()), pipeline.encoded(Topics.SHARDS, shard));
            record.headers().add(ReplacedShard.HEADER, utf8(old.get(i).shard().getKey()));
            if (names.isRelabelling()) {
                record.headers().add(TopicNames.HEADER, utf8(names.prefix()));
            }
            records.add(record);
        }
        records.addAll(rejections);
        return records;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
