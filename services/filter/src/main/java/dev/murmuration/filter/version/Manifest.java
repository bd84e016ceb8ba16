package dev.murmuration.filter.version;

import dev.murmuration.filter.pipeline.CommandException;
import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.ReplacedShard;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.schemas.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The data sets in the topic {@code shards}. A version is an offset of that topic: it contains what was committed before it, and
 * never changes except by {@code redact}: a shard that replaces another is in every version that contained the other.
 */
public final class Manifest {

    /**
     * A committed shard.
     *
     * @param offset of its event
     * @param replaces the key of the shard that it replaces
     * @param names names of the topics with its labels and rejections
     */
    public record Entry(long offset, Shard shard, Optional<String> replaces, TopicNames names) {}

    private final List<Entry> entries;

    /** @param entries ordered by offset */
    public Manifest(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** What {@code shards} contains now. */
    public static Manifest of(Pipeline pipeline) {
        List<Entry> entries = new ArrayList<>();
        pipeline.read(Topics.SHARDS, Shard.class, (record, decoded) -> {
            if (decoded instanceof Decoded.Event<Shard>(Shard shard)) {
                entries.add(new Entry(
                        record.offset(), shard, ReplacedShard.in(record.headers()), TopicNames.in(record.headers())));
            }
        });
        return new Manifest(entries);
    }

    /** The newest version of every data set, by name. */
    public Map<String, Version> newest() {
        Map<String, Version> versions = new TreeMap<>();
        entries.stream()
                .map(entry -> entry.shard().getDataset())
                .distinct()
                .forEach(name -> versions.put(name, version(name, Long.MAX_VALUE)));
        return versions;
    }

    /** Every version of a data set, oldest first: one after each event. */
    public List<Version> versions(String dataset) {
        return entries.stream()
                .filter(entry -> entry.shard().getDataset().equals(dataset))
                .map(entry -> version(dataset, entry.offset() + 1))
                .toList();
    }

    /**
     * A data set as of a version.
     *
     * @param number the version contains what was committed before this offset; beyond the end it is the newest
     * @throws CommandException if there is no such data set, or it was empty then
     */
    public Version version(String dataset, long number) {
        List<Entry> current = new ArrayList<>();
        Map<String, Integer> places = new HashMap<>();
        long last = -1;
        for (Entry entry : entries) {
            if (!entry.shard().getDataset().equals(dataset)) {
                continue;
            }
            Integer place = entry.replaces().map(places::get).orElse(null);
            if (place != null) {
                current.set(place, entry);
            } else if (entry.offset() < number && entry.replaces().isEmpty()) {
                place = current.size();
                current.add(entry);
            }
            if (place != null) {
                places.put(entry.shard().getKey(), place);
            }
            if (entry.offset() < number) {
                last = entry.offset();
            }
        }
        if (last < 0) {
            Collection<String> names = entries.stream()
                    .map(e -> e.shard().getDataset())
                    .distinct()
                    .sorted()
                    .toList();
            throw new CommandException(
                    names.contains(dataset)
                            ? "data set %s has nothing before version %d".formatted(dataset, number)
                            : "there is no data set %s, only %s".formatted(dataset, names));
        }
        return new Version(dataset, last + 1, List.copyOf(current));
    }
}
