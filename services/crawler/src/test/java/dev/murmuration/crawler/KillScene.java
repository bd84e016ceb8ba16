package dev.murmuration.crawler;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;

/** What five networks send while a crawler is killed: posts, and among them what is refused, deleted, said twice or no message at all. */
final class KillScene {

    static final int RECORDS = 750;
    static final int PHOTOS = 10;

    private static final Instant START = Instant.parse("2026-07-01T12:00:00Z");
    private static final String TEXT = "six words are enough for this";

    private KillScene() {}

    /** Writes a recorded stream and its photos. */
    static void record(Path folder) throws IOException {
        for (int i = 0; i < PHOTOS; i++) {
            Files.write(folder.resolve("photo-" + i + ".jpg"), photo(i));
        }
        Files.write(
                folder.resolve("tweets.jsonl"),
                LongStream.range(0, RECORDS).mapToObj(KillScene::recordedLine).toList());
    }

    private static String recordedLine(long n) {
        return switch ((int) (n % 10)) {
            case 5 -> "{\"delete\": {\"tweet\": {\"id\": \"rec-%d\"}}}".formatted(n - 4);
            case 7 -> "nonsense " + n;
            case 8 -> xLine("rec-", n - 2, "photo-%d.jpg");
            default -> xLine("rec-", n, "photo-%d.jpg");
        };
    }

    /** A post of X; every tenth is not English. */
    static String xLine(String prefix, long n, String photo) {
        return xLine(prefix, n, START.plusSeconds(n), photo);
    }

    /** Likewise, of this time. */
    static String xLine(String prefix, long n, Instant at, String photo) {
        return """
                {"data": {"id": "%s%d", "text": "%s", "lang": "%s", "created_at": "%s", "author_id": "%d", "attachments": {"media_keys": ["3_1"]}}, \
                "includes": {"media": [{"media_key": "3_1", "type": "photo", "url": "%s"}]}}""".formatted(prefix, n, TEXT, language(n), at, n % 20, photo.formatted(n % PHOTOS));
    }

    /** An event of Mastodon of this time. */
    static String mastodonEvent(long n, Instant at, String photo) {
        return """
                event: update
                data: {"id": "%d", "created_at": "%s", "content": "<p>%s</p>", "language": "%s", "account": {"id": "7"}, \
                "media_attachments": [{"type": "image", "url": "%s"}]}

                """.formatted(n, at, TEXT, language(n), photo.formatted(n % PHOTOS));
    }

    /** Events of Jetstream, some of them a little out of order, some at the same time, beginning now. */
    static List<String> jetstream() {
        long start = Instant.now().toEpochMilli() * 1000;
        List<String> events = new ArrayList<>();
        for (long n = 0; n < RECORDS; n++) {
            long micros = start + n * 1_000 - (n % 3 == 2 ? 2_500 : 0) + (n % 7 == 0 ? 1_000 : 0);
            events.add(
                    switch ((int) (n % 10)) {
                        case 5 -> commit(micros, n, "delete", n - 4, "");
                        case 7 -> "{\"did\": \"did:plc:a\", \"time_us\": %d, \"kind\": \"%d\"}".formatted(micros, n);
                        default -> commit(micros, n, "create", n, """
                                    , "record": {"text": "%s", "langs": ["%s"], "createdAt": "%s", "embed": {"$type": "app.bsky.embed.images", \
                                    "images": [{"image": {"ref": {"$link": "photo%d"}}}]}}""".formatted(TEXT, language(n), START, n % PHOTOS));
                    });
        }
        return events;
    }

    private static String commit(long micros, long rev, String operation, long key, String more) {
        return ("{\"did\": \"did:plc:a\", \"time_us\": %d, \"kind\": \"commit\", \"commit\": {\"rev\": \"%d\","
                        + " \"operation\": \"%s\", \"collection\": \"app.bsky.feed.post\", \"rkey\": \"%d\"%s}}")
                .formatted(micros, rev, operation, key, more);
    }

    private static String language(long n) {
        return n % 10 == 3 ? "fr" : "en";
    }

    static byte[] photo(int n) {
        BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(new Color(40 + 20 * n, 90, 200 - 15 * n));
        graphics.fillOval(n * 3, 5, 30, 30);
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "jpeg", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A photo as a web server sends it. */
    static byte[] response(int n) {
        byte[] photo = photo(n);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                .formatted(photo.length)
                .getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(photo);
        return out.toByteArray();
    }
}
