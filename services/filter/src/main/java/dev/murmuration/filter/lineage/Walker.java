package dev.murmuration.filter.lineage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** Follows the lineage in both directions, through the graph of events and the samples of shards. */
public final class Walker {

    /** The samples of shards. */
    @FunctionalInterface
    public interface Contents {
        /** Passes each of these shards that is still there, with its samples. */
        void read(Collection<Node> shards, BiConsumer<Node, List<SampleEntry>> sink);
    }

    private final LineageGraph graph;
    private final Contents contents;
    private final int limit;

    /** @param limit number of tweets, photos and samples to list in each direction */
    public Walker(LineageGraph graph, Contents contents, int limit) {
        this.graph = graph;
        this.contents = contents;
        this.limit = limit;
    }

    /**
     * Where samples are and what learned from them.
     *
     * @param shards that hold them
     * @param results checkpoints and accuracies, each with the keys of the samples that it rests on
     */
    public record Reach(Map<Node, List<SampleEntry>> shards, Map<Node, Set<String>> results) {}

    /** Everything that holds these samples or rests on them. */
    public Reach reach(Predicate<SampleEntry> isMeant) {
        Map<Node, List<SampleEntry>> holding = new LinkedHashMap<>();
        Map<Node, Set<String>> results = new LinkedHashMap<>();
        contents.read(graph.all(Kind.SHARD), (shard, entries) -> {
            List<SampleEntry> meant = entries.stream().filter(isMeant).toList();
            if (!meant.isEmpty()) {
                holding.put(shard, meant);
            }
        });
        holding.forEach((shard, entries) -> graph.forward(List.of(shard)).stream()
                .filter(node -> node.kind() == Kind.CHECKPOINT || node.kind() == Kind.ACCURACY)
                .forEach(node -> entries.forEach(entry -> results.computeIfAbsent(node, same -> new LinkedHashSet<>())
                        .add(entry.key()))));
        return new Reach(holding, results);
    }

    /** Walks from a node of the graph. */
    public Walk from(Node start) {
        Walk.Side origins = new Walk.Side();
        Walk.Side results = new Walk.Side();
        Collection<Node> back = graph.back(List.of(start));
        back.stream().filter(node -> !node.equals(start)).forEach(node -> origins.add(node, Integer.MAX_VALUE));
        graph.forward(List.of(start)).stream()
                .filter(node -> !node.equals(start))
                .forEach(node -> results.add(node, Integer.MAX_VALUE));
        Set<Walk.Edge> edges = new LinkedHashSet<>();
        List<Node> shards =
                back.stream().filter(node -> node.kind() == Kind.SHARD).toList();
        contents.read(
                shards,
                (shard, entries) -> entries.forEach(entry -> add(start, shard, entry, origins, origins, edges)));
        return walk(start, origins, results, edges);
    }

    /**
     * Walks from a tweet or a photo.
     *
     * @param start with what is known of it
     * @param scorers the teachers that scored it
     */
    public Walk fromPosted(Node start, Collection<Node> scorers) {
        Walk.Side origins = new Walk.Side();
        Walk.Side results = new Walk.Side();
        Set<Walk.Edge> edges = new LinkedHashSet<>();
        scorers.forEach(scorer -> {
            origins.add(scorer, Integer.MAX_VALUE);
            edges.add(new Walk.Edge(start.key(), scorer.key()));
        });
        Predicate<SampleEntry> isOf = start.kind() == Kind.TWEET
                ? entry -> entry.tweetId().equals(start.id())
                : entry -> entry.photo().equals(start.id());
        Walk.Side tweets = start.kind() == Kind.TWEET ? results : origins;
        List<Node> shards = new ArrayList<>();
        contents.read(
                graph.all(Kind.SHARD),
                (shard, entries) -> entries.stream().filter(isOf).forEach(entry -> {
                    shards.add(shard);
                    add(start, shard, entry, tweets, results, edges);
                }));
        graph.forward(shards).forEach(node -> results.add(node, Integer.MAX_VALUE));
        return walk(start, origins, results, edges);
    }

    private void add(
            Node start, Node shard, SampleEntry entry, Walk.Side tweets, Walk.Side others, Set<Walk.Edge> edges) {
        Node sample = new Node(Kind.SAMPLE, entry.key(), entry.key(), Map.of("label", entry.label()));
        Node photo = Node.of(Kind.PHOTO, entry.photo());
        Node tweet = Node.of(Kind.TWEET, entry.tweetId());
        others.add(sample, limit);
        if (start.kind() != Kind.PHOTO) {
            others.add(photo, limit);
        }
        if (start.kind() != Kind.TWEET) {
            tweets.add(tweet, limit);
        }
        if (others.count(Kind.SAMPLE) <= limit) {
            edges.add(new Walk.Edge(shard.key(), sample.key()));
            edges.add(new Walk.Edge(sample.key(), photo.key()));
            edges.add(new Walk.Edge(photo.key(), tweet.key()));
        }
    }

    private Walk walk(Node start, Walk.Side origins, Walk.Side results, Set<Walk.Edge> ofSamples) {
        Set<Node> listed = new LinkedHashSet<>(List.of(start));
        listed.addAll(origins.nodes());
        listed.addAll(results.nodes());
        Set<Node.Key> keys = new HashSet<>();
        listed.forEach(node -> keys.add(node.key()));
        Set<Walk.Edge> edges = new LinkedHashSet<>();
        for (Node node : listed) {
            graph.origins(node).stream()
                    .filter(origin -> keys.contains(origin.key()))
                    .forEach(origin -> edges.add(new Walk.Edge(node.key(), origin.key())));
        }
        ofSamples.stream()
                .filter(edge -> keys.contains(edge.result()) && keys.contains(edge.origin()))
                .forEach(edges::add);
        return new Walk(start, origins, results, edges);
    }
}
