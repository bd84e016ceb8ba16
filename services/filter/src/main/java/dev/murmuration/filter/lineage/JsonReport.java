package dev.murmuration.filter.lineage;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A walk for machines. */
public final class JsonReport {

    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonReport() {}

    /** The start, what it came from ({@code origins}), what came from it ({@code results}), and the edges among what is listed. */
    public static String of(Walk walk) {
        ObjectNode report = JSON.createObjectNode();
        report.set("start", node(walk.start()));
        report.set("origins", side(walk.origins()));
        report.set("results", side(walk.results()));
        ArrayNode edges = report.putArray("edges");
        walk.edges()
                .forEach(edge ->
                        edges.addObject().put("origin", id(edge.origin())).put("result", id(edge.result())));
        return report.toPrettyString();
    }

    private static ObjectNode side(Walk.Side side) {
        ObjectNode json = JSON.createObjectNode();
        ObjectNode counts = json.putObject("counts");
        for (Kind kind : Kind.values()) {
            if (side.count(kind) > 0) {
                counts.put(kind.title(), side.count(kind));
            }
        }
        ArrayNode nodes = json.putArray("nodes");
        side.nodes().forEach(node -> nodes.add(node(node)));
        return json;
    }

    private static ObjectNode node(Node node) {
        ObjectNode json = JSON.createObjectNode();
        json.put("kind", node.kind().title()).put("id", node.id()).put("name", node.name());
        ObjectNode facts = json.putObject("facts");
        node.facts().forEach(facts::put);
        return json;
    }

    private static String id(Node.Key key) {
        return key.kind().title() + " " + key.id();
    }
}
