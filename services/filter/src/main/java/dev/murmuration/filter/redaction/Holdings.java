package dev.murmuration.filter.redaction;

import dev.murmuration.filter.lineage.Kind;
import dev.murmuration.filter.lineage.Node;
import dev.murmuration.filter.lineage.Walker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is held of a person, or of one tweet.
 *
 * @param tweets ids
 * @param photos keys in the store of the photos of these tweets
 * @param shared those of the photos that other tweets refer to as well
 * @param records where records of these tweets are, those that only say that one was deleted left out
 * @param reach shards with samples of these tweets, and what rests on them
 */
public record Holdings(
        Set<String> tweets, Set<String> photos, Set<String> shared, Map<String, Places> records, Walker.Reach reach) {

    /**
     * Records in one topic.
     *
     * @param partitions in which they are, by tweet
     */
    public record Places(Map<String, Integer> partitions, long count) {}

    /** The number of samples in each shard, by key. */
    public Map<String, Integer> shards() {
        Map<String, Integer> counts = new TreeMap<>();
        reach.shards().forEach((shard, samples) -> counts.put(shard.id(), samples.size()));
        return counts;
    }

    /** Checkpoints or accuracies that rest on samples, each with their number. */
    public Map<Node, Integer> results(Kind kind) {
        Map<Node, Integer> counts = new LinkedHashMap<>();
        reach.results().forEach((node, samples) -> {
            if (node.kind() == kind) {
                counts.put(node, samples.size());
            }
        });
        return counts;
    }

    /** The lines of a report. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%,d tweets", tweets.size()));
        tweets.forEach(id -> lines.add("    " + id));
        lines.add(String.format(Locale.ROOT, "%,d photos", photos.size()));
        photos.forEach(key -> lines.add("    " + key + (shared.contains(key) ? "  (also of other tweets)" : "")));
        records.forEach(
                (topic, places) -> lines.add(String.format(Locale.ROOT, "%,d records on %s", places.count(), topic)));
        lines.add(String.format(Locale.ROOT, "%,d shards", reach.shards().size()));
        shards().forEach((key, samples) -> lines.add("    %s  (%d samples)".formatted(key, samples)));
        for (Kind kind : List.of(Kind.CHECKPOINT, Kind.ACCURACY)) {
            Map<Node, Integer> results = results(kind);
            lines.add(String.format(
                    Locale.ROOT,
                    "%,d %s rest on samples of these tweets",
                    results.size(),
                    kind == Kind.CHECKPOINT ? "checkpoints" : "accuracies"));
            results.forEach((node, samples) -> lines.add("    %s  (%d samples)".formatted(node.name(), samples)));
        }
        return lines;
    }
}
