package dev.murmuration.filter.shard;

import java.util.Map;

/**
 * What a sample says about the terms under which its photo and text were got: by feed, in one line. A note for the reader, no legal advice.
 */
final class Licenses {

    private static final Map<String, String> KNOWN = Map.of(
            "x", "photo and text belong to their author; X Developer Agreement and Policy",
            "bluesky", "photo and text belong to their author; Bluesky Terms of Service",
            "mastodon", "photo and text belong to their author; terms of the instance in the url",
            "recorded", "as the recording's",
            "simulator", "CC0-1.0");

    private final Map<String, String> own;

    /** @param own notes by feed that go before ours; an empty one says nothing */
    Licenses(Map<String, String> own) {
        this.own = Map.copyOf(own);
    }

    /** The note for a feed; empty where none is known. */
    String of(String source) {
        return own.getOrDefault(source, KNOWN.getOrDefault(source, ""));
    }
}
