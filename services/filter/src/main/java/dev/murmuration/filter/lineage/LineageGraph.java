package dev.murmuration.filter.lineage;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** Nodes, and for each one those from which it came. Samples are no part of it: there are too many, and shards contain them. */
public final class LineageGraph {

    private final Map<Node.Key, Node> nodes = new LinkedHashMap<>();
    private final Map<Node.Key, Set<Node.Key>> origins = new LinkedHashMap<>();
    private final Map<Node.Key, Set<Node.Key>> results = new LinkedHashMap<>();

    LineageGraph() {}

    void add(Node node) {
        nodes.put(node.key(), node);
    }

    /** Adds that {@code result} came from {@code origin}; both may be added later. */
    void connect(Node.Key result, Node.Key origin) {
        origins.computeIfAbsent(result, key -> new LinkedHashSet<>()).add(origin);
        results.computeIfAbsent(origin, key -> new LinkedHashSet<>()).add(result);
    }

    boolean contains(Node.Key key) {
        return nodes.containsKey(key);
    }

    /** The nodes of a kind, in the order in which they came to be. */
    public List<Node> all(Kind kind) {
        return nodes.values().stream().filter(node -> node.kind() == kind).toList();
    }

    /** Everything that these came from, the nearest first, themselves included. */
    Collection<Node> back(Collection<Node> starts) {
        return walk(starts, key -> origins.getOrDefault(key, Set.of()));
    }

    /** Everything that came from these, the nearest first, themselves included. */
    Collection<Node> forward(Collection<Node> starts) {
        return walk(starts, key -> results.getOrDefault(key, Set.of()));
    }

    /** Those from which a node came, as far as their events are there. */
    List<Node> origins(Node node) {
        return origins.getOrDefault(node.key(), Set.of()).stream()
                .map(nodes::get)
                .filter(Objects::nonNull)
                .toList();
    }

    private Collection<Node> walk(Collection<Node> starts, Function<Node.Key, Set<Node.Key>> next) {
        Map<Node.Key, Node> seen = new LinkedHashMap<>();
        starts.forEach(start -> seen.put(start.key(), start));
        Deque<Node.Key> open = new ArrayDeque<>(seen.keySet());
        while (!open.isEmpty()) {
            for (Node.Key key : next.apply(open.remove())) {
                Node node = nodes.get(key);
                if (node != null && seen.putIfAbsent(key, node) == null) {
                    open.add(key);
                }
            }
        }
        return seen.values();
    }

    /**
     * The nodes of a kind that somebody means: the one with this id or name, or else all whose id or name contains it. Of a run
     * or of anything else that was made repeatedly under one name, the newest.
     */
    public List<Node> find(Kind kind, String typed) {
        List<Node> known = all(kind);
        List<Node> exact = known.stream()
                .filter(node -> node.id().equals(typed)
                        || node.name().equals(typed)
                        || node.name().startsWith(typed + "@"))
                .toList();
        return exact.isEmpty()
                ? known.stream()
                        .filter(node -> node.id().contains(typed) || node.name().contains(typed))
                        .toList()
                : List.of(exact.getLast());
    }
}
