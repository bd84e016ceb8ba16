package dev.murmuration.filter.lineage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One node with everything that it came from and everything that came from it.
 *
 * @param origins what it came from
 * @param results what came from it
 * @param edges each from a result to one of its origins, among the nodes that are listed
 */
public record Walk(Node start, Side origins, Side results, Set<Edge> edges) {

    /** A result and one of its origins. */
    public record Edge(Node.Key result, Node.Key origin) {}

    /** Nodes of one direction. Of tweets, photos and samples only the first are listed; all are counted. */
    public static final class Side {

        private final Map<Node.Key, Node> listed = new LinkedHashMap<>();
        private final Map<Kind, Set<String>> all = new LinkedHashMap<>();

        void add(Node node, int limit) {
            Set<String> known = all.computeIfAbsent(node.kind(), kind -> new LinkedHashSet<>());
            if (known.add(node.id()) && known.size() <= limit) {
                listed.put(node.key(), node);
            }
        }

        /** The listed nodes of a kind. */
        public List<Node> nodes(Kind kind) {
            return listed.values().stream().filter(node -> node.kind() == kind).toList();
        }

        /** All listed nodes, in the order in which they were met. */
        public List<Node> nodes() {
            return new ArrayList<>(listed.values());
        }

        /** Number of nodes of a kind, those that are not listed included. */
        public long count(Kind kind) {
            return all.getOrDefault(kind, Set.of()).size();
        }
    }
}
