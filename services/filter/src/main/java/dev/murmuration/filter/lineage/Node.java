package dev.murmuration.filter.lineage;

import java.util.Map;

/**
 * Something that came from others, or that others came from.
 *
 * @param id unique among nodes of its kind: a hash where it has one
 * @param name for people; the id where it has no other
 * @param facts what its event says, in the order in which they are shown
 */
public record Node(Kind kind, String id, String name, Map<String, String> facts) {

    /** What identifies a node. */
    public record Key(Kind kind, String id) {}

    /** A node that is known by its id alone. */
    static Node of(Kind kind, String id) {
        return new Node(kind, id, id, Map.of());
    }

    Key key() {
        return new Key(kind, id);
    }
}
