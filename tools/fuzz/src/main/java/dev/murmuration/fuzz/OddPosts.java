package dev.murmuration.fuzz;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Generates posts as networks send them, and as they never should: in the formats of X, Bluesky and Mastodon, most of them ordinary, some
 * with a time, count, length, type, encoding or nesting that breaks code that assumes valid values. Everything is determined by the seed.
 * For tests of any stage of the pipeline.
 */
public final class OddPosts {

    /** The network whose format a post has. */
    public enum Network {
        /** A line of X's API v2, also used by recorded and simulated streams. */
        X,
        /** An event of Jetstream. */
        BLUESKY,
        /** An event of Mastodon's streaming API: one line for the kind, one for the data, and an empty one. */
        MASTODON
    }

    private static final double ODD = 0.03;
    private static final long FIRST_MILLIS = 1_767_225_600_000L; // 2026-01-01
    private static final List<String> TIMES = List.of(
            "\"1969-12-31T23:59:59Z\"",
            "\"1970-01-01T00:00:00Z\"",
            "\"2005-12-31T23:59:59.999Z\"",
            "\"2006-01-01T00:00:00Z\"",
            "\"0001-01-01T00:00:00Z\"",
            "\"9999-12-31T23:59:59Z\"",
            "\"+999999999-12-31T23:59:59-18:00\"",
            "\"-999999999-01-01T00:00:00+18:00\"",
            "\"2026-02-30T00:00:00Z\"",
            "\"2026-01-01T00:00:00\"",
            "\"yesterday\"",
            "\"\"",
            "1767225600",
            "null");
    private static final List<String> MICROS = List.of(
            "0",
            "1",
            "-1",
            "9223372036854775807",
            "9223372036854775808",
            "1e300",
            "1767225600000000000",
            "\"1\"",
            "null");
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "1e400",
            "99999999999999999999999999",
            "\"\"",
            "[]",
            "{}",
            "[null]",
            "{\"a\":{}}",
            "\"\\ud83d\"",
            "\"\\udc00 and \\ud83d\\ude00\"",
            "\"\\u0000\\u001b[2J\"",
            "\"=cmd|' /C calc'!A0\"",
            "\"<p>&#xD800;</p>\"",
            "\"../../etc/passwd\"");
    private static final int[] COUNTS = {0, 5, 20, 21, 100, 5_000};
    private static final int[] LENGTHS = {0, 1, 255, 256, 257, 3_000, 70_000};

    private final Random random;

    private OddPosts(long seed) {
        this.random = new Random(seed);
    }

    /**
     * Returns this number of posts of this network; each is one or more lines, as {@link Network} describes, without line breaks.
     *
     * @param photos addresses to use for the photos of posts
     */
    public static List<List<byte[]>> of(Network network, long seed, int count, List<String> photos) {
        OddPosts posts = new OddPosts(seed);
        return IntStream.range(0, count)
                .mapToObj(n -> posts.post(network, n, photos))
                .toList();
    }

    private List<byte[]> post(Network network, int n, List<String> photos) {
        return switch (network) {
            case X -> List.of(bytes(x(n, photos)));
            case BLUESKY -> List.of(bytes(bluesky(n)));
            case MASTODON -> mastodon(n, photos);
        };
    }

    // ---- shapes ----

    private String x(int n, List<String> photos) {
        if (random.nextInt(20) == 0) {
            return random.nextBoolean()
                    ? "{\"delete\":{\"tweet\":{\"id\":%s}}}".formatted(odd(text(id(n - random.nextInt(9)))))
                    : "{\"user_delete\":{\"user\":{\"id\":%s}}}".formatted(odd(text("a" + n % 7)));
        }
        List<String> keys = new ArrayList<>();
        List<String> media = new ArrayList<>();
        for (int i = 0, all = count(1 + random.nextInt(3)); i < all; i++) {
            keys.add(text("3_" + i % 4));
            if (i < 4) {
                media.add("{\"media_key\":%s,\"type\":%s,\"url\":%s}"
                        .formatted(text("3_" + i), odd(text("photo")), odd(text(photo(photos)))));
            }
        }
        return "{\"data\":{\"id\":%s,\"text\":%s,\"lang\":%s,\"created_at\":%s,\"author_id\":%s%s%s,\"attachments\":{\"media_keys\":%s}},\"includes\":{\"media\":%s}}"
                .formatted(
                        odd(text(id(random.nextInt(20) == 0 ? n - 1 : n))),
                        odd(text(words())),
                        odd(text("en")),
                        time(n),
                        odd(text("a" + n % 7)),
                        random.nextInt(9) == 0
                                ? ",\"note_tweet\":" + odd("{\"text\":%s}".formatted(odd(text(words()))))
                                : "",
                        random.nextInt(9) == 0 ? ",\"referenced_tweets\":" + odd("[{\"type\":\"quoted\"}]") : "",
                        odd(list(keys)),
                        odd(list(media)));
    }

    private String bluesky(int n) {
        String kind = random.nextInt(12) == 0
                ? List.of("account", "identity", "sync", "info", "cursor", "", "#new")
                        .get(random.nextInt(7))
                : "commit";
        String embed = List.of("images", "images", "images", "gallery", "external", "recordWithMedia", "hologram")
                .get(random.nextInt(7));
        List<String> photos = new ArrayList<>();
        for (int i = 0, all = count(1 + random.nextInt(3)); i < all; i++) {
            photos.add(
                    "{\"alt\":\"\",\"image\":{\"ref\":{\"$link\":%s}}}".formatted(odd(text("bafkrei" + (n + i) % 50))));
        }
        return "{\"did\":%s,\"time_us\":%s,\"kind\":%s,\"account\":{\"active\":%s,\"seq\":%d},\"info\":{\"name\":\"OutdatedCursor\"},\"commit\":{\"rev\":%s,\"operation\":%s,\"collection\":%s,\"rkey\":%s,\"record\":{\"text\":%s,\"langs\":%s,\"createdAt\":%s%s,\"embed\":{\"$type\":%s,\"images\":%s,\"items\":%s}}}}"
                .formatted(
                        odd(text("did:plc:a" + n % 7)),
                        random.nextDouble() < ODD ? any(MICROS) : Long.toString((FIRST_MILLIS + n * 7_000L) * 1_000),
                        odd(text(kind)),
                        odd("false"),
                        n,
                        odd(text("r" + n)),
                        odd(text(random.nextInt(15) == 0 ? "delete" : "create")),
                        odd(text("app.bsky.feed.post")),
                        odd(text("k" + n)),
                        odd(text(words())),
                        odd("[%s]".formatted(odd(text("en-GB")))),
                        time(n),
                        random.nextInt(9) == 0 ? ",\"reply\":" + odd("{}") : "",
                        odd(text("app.bsky.embed." + embed)),
                        odd(list(photos)),
                        odd(list(photos)));
    }

    private List<byte[]> mastodon(int n, List<String> photos) {
        if (random.nextInt(20) == 0) {
            return List.of(bytes("event: delete"), bytes("data: " + odd(id(n - random.nextInt(9)))), new byte[0]);
        }
        List<String> media = new ArrayList<>();
        for (int i = 0, all = count(1 + random.nextInt(3)); i < all; i++) {
            media.add("{\"type\":%s,\"url\":%s,\"remote_url\":null}"
                    .formatted(odd(text("image")), odd(text(photo(photos)))));
        }
        String status =
                "{\"id\":%s,\"content\":%s,\"language\":%s,\"created_at\":%s,\"account\":{\"id\":%s},\"in_reply_to_id\":%s,\"media_attachments\":%s}"
                        .formatted(
                                odd(text(id(n))),
                                odd(text("<p>" + words() + "</p>")),
                                odd(text("en")),
                                time(n),
                                odd(text("a" + n % 7)),
                                random.nextInt(9) == 0 ? odd(text("1")) : "null",
                                odd(list(media)));
        return List.of(
                bytes("event: " + (random.nextInt(30) == 0 ? "announcement" : "update")),
                bytes("data: " + status),
                new byte[0]);
    }

    // ---- pieces ----

    private String time(int n) {
        return random.nextDouble() < 2 * ODD
                ? any(TIMES)
                : text(Instant.ofEpochMilli(FIRST_MILLIS + n * 7_000L).toString());
    }

    private int count(int plain) {
        return random.nextDouble() < ODD ? COUNTS[random.nextInt(COUNTS.length)] : plain;
    }

    private String photo(List<String> photos) {
        return random.nextDouble() < ODD ? "x".repeat(2_049) : any(photos);
    }

    private String words() {
        String words = "what a lovely day at the sea with all of you";
        return random.nextDouble() < ODD ? "word ".repeat(LENGTHS[random.nextInt(LENGTHS.length)]) : words;
    }

    private static String id(int n) {
        return Long.toString(1_900_000_000_000_000_000L + n);
    }

    private static String text(String plain) {
        return '"' + plain + '"';
    }

    private static String list(List<String> values) {
        return "[" + String.join(",", values) + "]";
    }

    private String odd(String plain) {
        if (random.nextDouble() >= ODD / 3) {
            return plain;
        }
        return switch (random.nextInt(4)) {
            case 0 -> text("x".repeat(LENGTHS[random.nextInt(LENGTHS.length)]));
            case 1 -> {
                int depth = 1 << random.nextInt(10);
                yield "[".repeat(depth) + plain + "]".repeat(depth);
            }
            default -> any(VALUES);
        };
    }

    private String any(List<String> values) {
        return values.get(random.nextInt(values.size()));
    }

    // Always one line; sometimes not what the sender meant.
    private byte[] bytes(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        if (random.nextDouble() >= ODD) {
            return bytes;
        }
        switch (random.nextInt(4)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> bytes = line.getBytes(StandardCharsets.UTF_16LE);
            case 2 -> bytes[random.nextInt(bytes.length)] = (byte) (128 + random.nextInt(128));
            default -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(128);
        }
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == '\n' || bytes[i] == '\r' ? (byte) ' ' : bytes[i];
        }
        return bytes;
    }
}
