package dev.murmuration.filter.lineage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A walk as lines for people. */
public final class TextReport {

    private TextReport() {}

    /**
     * The lines.
     *
     * @param limit nodes of each kind
     */
    public static List<String> lines(Walk walk, int limit) {
        List<String> lines = new ArrayList<>();
        lines.add(walk.start().kind().title() + " " + walk.start().name());
        if (!walk.start().name().equals(walk.start().id())) {
            lines.add(fact("id", walk.start().id()));
        }
        walk.start().facts().forEach((name, value) -> lines.add(fact(name, value)));
        lines.add("came from");
        add(lines, walk.origins(), limit);
        lines.add("led to");
        add(lines, walk.results(), limit);
        return lines;
    }

    private static String fact(String name, String value) {
        return String.format(Locale.ROOT, "  %-14s %s", name, value);
    }

    private static void add(List<String> lines, Walk.Side side, int limit) {
        boolean isEmpty = true;
        for (Kind kind : Kind.values()) {
            long count = side.count(kind);
            if (count == 0) {
                continue;
            }
            isEmpty = false;
            lines.add(String.format(Locale.ROOT, "  %,d %s%s", count, kind.title(), count == 1 ? "" : "s"));
            List<Node> nodes = side.nodes(kind);
            nodes.stream().limit(limit).map(TextReport::line).forEach(lines::add);
            long more = count - Math.min(limit, nodes.size());
            if (more > 0) {
                lines.add(String.format(Locale.ROOT, "    and %,d more", more));
            }
        }
        if (isEmpty) {
            lines.add("  nothing");
        }
    }

    private static String line(Node node) {
        String facts = node.facts().entrySet().stream().map(TextReport::inLine).collect(Collectors.joining("; "));
        return "    " + node.name() + (facts.isEmpty() ? "" : "  " + facts);
    }

    private static String inLine(Map.Entry<String, String> fact) {
        return fact.getKey() + " " + fact.getValue();
    }
}
