package dev.murmuration.filter.lineage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.filter.pipeline.CommandException;
import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.schemas.Shard;
import dev.murmuration.shard.ShardReader;
import dev.murmuration.shard.ShardSample;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Which samples are in which shard: an object {@code lineage/<SHA-256 of the shard>} for each shard in the store, made from the
 * shard when it is first needed. Never the truth: an index of a shard that is gone is deleted, and one that is missing or
 * unreadable is made again.
 */
public final class SampleIndex implements Walker.Contents {

    /** What the keys of these objects start with. */
    public static final String PREFIX = "lineage/";

    private static final int READERS = 8;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Pipeline pipeline;
    private final Map<String, Shard> shards = new HashMap<>();
    private final Map<String, String> sha256 = new HashMap<>();
    private final Set<String> indexed = new HashSet<>();
    private int made;

    /**
     * Brings the index up to date: reads each shard that is in the store and not indexed yet.
     *
     * @param current the shards that no other replaces
     * @param rebuild whether to make all of it again
     */
    public SampleIndex(Pipeline pipeline, Collection<Shard> current, boolean rebuild) throws IOException {
        this.pipeline = pipeline;
        for (Shard shard : current) {
            shards.put(shard.getSha256(), shard);
            sha256.put(shard.getKey(), shard.getSha256());
        }
        for (StoredObject object : pipeline.store().list(PREFIX)) {
            String of = object.key().substring(PREFIX.length());
            if (rebuild || !shards.containsKey(of)) {
                pipeline.store().delete(object.key());
            } else {
                indexed.add(of);
            }
        }
        for (Shard shard : current) {
            if (!indexed.contains(shard.getSha256()) && make(shard).isPresent()) {
                indexed.add(shard.getSha256());
            }
        }
    }

    /** Number of shards that had to be read. */
    public int made() {
        return made;
    }

    @Override
    public void read(Collection<Node> nodes, BiConsumer<Node, List<SampleEntry>> sink) {
        Map<String, List<Node>> wanted = new LinkedHashMap<>();
        for (Node node : nodes) {
            String hash = sha256.get(node.id());
            if (hash != null && indexed.contains(hash)) {
                wanted.computeIfAbsent(hash, same -> new ArrayList<>()).add(node);
            }
        }
        try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
            Map<String, Future<List<SampleEntry>>> parts = new LinkedHashMap<>();
            wanted.keySet().forEach(hash -> parts.put(hash, readers.submit(() -> entries(hash))));
            for (Map.Entry<String, Future<List<SampleEntry>>> part : parts.entrySet()) {
                List<SampleEntry> entries = part.getValue().get();
                wanted.getOrDefault(part.getKey(), List.of()).forEach(node -> sink.accept(node, entries));
            }
        } catch (ExecutionException e) {
            throw new CommandException("the index of samples cannot be read: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }

    private List<SampleEntry> entries(String hash) throws IOException {
        if (pipeline.store().get(PREFIX + hash) instanceof Fetched.Found<byte[]>(byte[] found)) {
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(found))) {
                return SampleEntry.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException | IllegalArgumentException e) {
                // Made again below.
            }
        }
        return make(Objects.requireNonNull(shards.get(hash))).orElse(List.of());
    }

    // Empty where the store no longer has the shard.
    private synchronized Optional<List<SampleEntry>> make(Shard shard) throws IOException {
        Path tar = Files.createTempFile("murmuration-lineage-", ".tar");
        try {
            Files.delete(tar);
            if (!(pipeline.store().download(shard.getKey(), shard.getSha256(), tar) instanceof Fetched.Found<Path>)) {
                return Optional.empty();
            }
            List<SampleEntry> entries = entries(tar);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
                out.write(SampleEntry.write(entries).getBytes(StandardCharsets.UTF_8));
            }
            pipeline.store().put(PREFIX + shard.getSha256(), bytes.toByteArray(), "application/gzip");
            made++;
            return Optional.of(entries);
        } finally {
            Files.deleteIfExists(tar);
        }
    }

    private static List<SampleEntry> entries(Path tar) throws IOException {
        List<SampleEntry> entries = new ArrayList<>();
        try (ShardReader reader = ShardReader.open(tar, Pipeline.SHARD_LIMITS)) {
            for (Optional<ShardSample> sample = reader.next(); sample.isPresent(); sample = reader.next()) {
                JsonNode json = JSON.readTree(sample.get().description().orElse(new byte[0]));
                entries.add(new SampleEntry(
                        sample.get().key(),
                        json.path("tweetId").asText(),
                        json.path("sha256").asText(),
                        json.path("label").asText()));
            }
        }
        return entries;
    }
}
