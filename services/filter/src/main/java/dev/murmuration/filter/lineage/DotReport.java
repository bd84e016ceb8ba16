package dev.murmuration.filter.lineage;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A walk as a graph for Graphviz, what came first on the left. */
public final class DotReport {

    private static final int NAME = 40;

    private DotReport() {}

    /** The lines of a file that {@code dot} reads. */
    public static List<String> lines(Walk walk) {
        List<String> lines = new ArrayList<>(List.of("digraph lineage {", "  rankdir=LR", "  node [shape=box]"));
        Set<Node> nodes = new LinkedHashSet<>(walk.origins().nodes());
        nodes.add(walk.start());
        nodes.addAll(walk.results().nodes());
        for (Node node : nodes) {
            String bold = node.equals(walk.start()) ? ", style=bold" : "";
            String name = node.name().length() > NAME
                    ? "…" + node.name().substring(node.name().length() - NAME)
                    : node.name();
            lines.add("  %s [label=%s%s]"
                    .formatted(id(node.key()), quoted(node.kind().title() + "\n" + name), bold));
        }
        walk.edges().forEach(edge -> lines.add("  %s -> %s".formatted(id(edge.origin()), id(edge.result()))));
        lines.add("}");
        return lines;
    }

    private static String id(Node.Key key) {
        return quoted(key.kind().title() + " " + key.id());
    }

    private static String quoted(String text) {
        return "\""
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\r", "")
                        .replace("\n", "\\n") + "\"";
    }
}
