package dev.murmuration.trainer.data;

import dev.murmuration.shard.Redactions;
import dev.murmuration.stage.FaultIsolation;
import dev.murmuration.stage.WorkFolder;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoredObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import org.jboss.logging.Logger;

/** Reads shards from the object store, verified, without the samples of deleted tweets. */
public final class ShardSource {

    private static final Logger LOG = Logger.getLogger(ShardSource.class);

    private final ObjectStore store;
    private final ShardDecoder tar;
    private final WorkFolder work;
    private final BooleanSupplier stopping;

    /**
     * Reads from a store.
     *
     * @param work folder for downloads
     * @param stopping whether to end reading with a {@link CancellationException}, even in the middle of a shard
     */
    public ShardSource(ObjectStore store, ShardDecoder tar, WorkFolder work, BooleanSupplier stopping) {
        this.store = store;
        this.tar = tar;
        this.work = work;
        this.stopping = stopping;
    }

    /** All samples of a shard; missing or damaged if the object or the tar is. */
    public Fetched<ShardDecoder.Contents> all(ShardReference shard) {
        return some(shard, index -> true);
    }

    private Fetched<ShardDecoder.Contents> some(ShardReference shard, IntPredicate wanted) {
        try {
            Path folder = work.make("shard");
            try {
                return switch (store.download(shard.key(), shard.sha256(), folder.resolve("shard.tar"))) {
                    case Fetched.Found<Path>(Path file) -> read(file, shard, wanted);
                    case Fetched.Missing<Path> missing -> new Fetched.Missing<>();
                    case Fetched.Damaged<Path>(String detail) -> new Fetched.Damaged<>(detail);
                };
            } finally {
                WorkFolder.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the work folder failed", e);
        }
    }

    private Fetched<ShardDecoder.Contents> read(Path file, ShardReference shard, IntPredicate wanted) {
        Redactions redacted = new Redactions(
                store.list(Redactions.PREFIX).stream().map(StoredObject::key).toList());
        return FaultIsolation.<Fetched<ShardDecoder.Contents>>isolate(
                () -> new Fetched.Found<>(tar.read(file, shard, wanted, key -> isRedacted(key, redacted))),
                reason -> new Fetched.Damaged<>("it is not a shard: " + reason));
    }

    private boolean isRedacted(String key, Redactions redacted) {
        if (stopping.getAsBoolean()) {
            throw new CancellationException("stopping");
        }
        return redacted.contains(key);
    }

    /**
     * The samples at these places, in their order, without those that are gone (deleted tweets, a lost shard).
     *
     * @param places for each sample an index into {@code shards} and its index in the shard
     */
    public List<Sample> at(List<List<Integer>> places, List<ShardReference> shards) {
        Map<Integer, Set<Integer>> wanted = new HashMap<>();
        places.forEach(place ->
                wanted.computeIfAbsent(place.get(0), shard -> new HashSet<>()).add(place.get(1)));
        Map<List<Integer>, Sample> found = new HashMap<>();
        wanted.forEach((number, indices) -> {
            Fetched<ShardDecoder.Contents> fetched = some(shards.get(number), indices::contains);
            if (fetched instanceof Fetched.Found<ShardDecoder.Contents>(ShardDecoder.Contents contents)) {
                contents.samples().forEach(sample -> found.put(List.of(number, sample.index()), sample));
            } else {
                LOG.warnf("%d samples of %s are no longer available: %s", indices.size(), shards.get(number), fetched);
            }
        });
        List<Sample> samples = new ArrayList<>(places.size());
        places.stream().map(found::get).filter(Objects::nonNull).forEach(samples::add);
        return samples;
    }
}
