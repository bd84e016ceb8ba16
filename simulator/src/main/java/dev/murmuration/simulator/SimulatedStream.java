package dev.murmuration.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.simulator.SimulatedPhoto.Kind;
import dev.murmuration.simulator.World.Space;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Line n of the stream, for any n: mostly posts with photos of a scene, else the noise that real streams have. */
public final class SimulatedStream {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    private static final int SECONDS_APART = 7;
    private static final long FIRST_ID = 1_900_000_000_000_000_000L;
    private static final int AUTHORS = 400;
    private static final int LOOK_BACK = 50;
    private static final int MOST_PHOTOS = 4;

    /** What else a stream sends, and how much of the noise it is. */
    private enum Noise {
        OTHER_LANGUAGE(16),
        REFERENCE(16),
        SHORT(12),
        NO_PHOTO(8),
        VIDEO(3),
        MISSING(6),
        CUT(5),
        BOMB(2),
        ICON(2),
        PAGE(2),
        SAME_PHOTO(6),
        COPIED_PHOTO(6),
        DELETION(6),
        REPETITION(6),
        NONSENSE(4);

        private static final int ALL =
                Arrays.stream(values()).mapToInt(n -> n.weight).sum();

        private final int weight;

        Noise(int weight) {
            this.weight = weight;
        }

        static Noise of(SplittableRandom random) {
            int at = random.nextInt(ALL);
            for (Noise noise : values()) {
                at -= noise.weight;
                if (at < 0) {
                    return noise;
                }
            }
            throw new AssertionError("weights do not add up");
        }
    }

    private final World world;

    /** The stream of this world. */
    public SimulatedStream(World world) {
        this.world = world;
    }

    /** Line n in the format of X API v2: UTF-8 without a line break. */
    public byte[] line(long n) {
        SplittableRandom random = world.random(Space.DELIVERIES, n);
        if (n < LOOK_BACK || random.nextDouble() >= world.noise()) {
            int more = random.nextInt(12) == 0 ? random.nextInt(MOST_PHOTOS - 1) + 1 : 0;
            return bytes(withPhotos(post(n, n, random), Kind.PHOTO, n, 1 + more));
        }
        long earlier = n - 1 - random.nextInt(LOOK_BACK - 1);
        return switch (Noise.of(random)) {
            case OTHER_LANGUAGE -> {
                ObjectNode line = withPhotos(post(n, n, random), Kind.PHOTO, n, 1);
                data(line).put("lang", Phrases.OTHER_LANGUAGES.get(random.nextInt(Phrases.OTHER_LANGUAGES.size())));
                data(line).put("text", "Qué día más bonito en la playa con toda mi familia hoy");
                yield bytes(line);
            }
            case REFERENCE -> {
                ObjectNode line = withPhotos(post(n, n, random), Kind.PHOTO, n, 1);
                data(line)
                        .putArray("referenced_tweets")
                        .addObject()
                        .put(
                                "type",
                                List.of("retweeted", "replied_to", "quoted").get(random.nextInt(3)))
                        .put("id", id(earlier));
                yield bytes(line);
            }
            case SHORT -> {
                ObjectNode line = withPhotos(post(n, n, random), Kind.PHOTO, n, 1);
                data(line).put("text", Phrases.SHORT.get(random.nextInt(Phrases.SHORT.size())));
                yield bytes(line);
            }
            case NO_PHOTO -> bytes(post(n, n, random));
            case VIDEO -> {
                ObjectNode line = withPhotos(post(n, n, random), Kind.PHOTO, n, 1);
                ((ObjectNode) line.at("/includes/media/0")).put("type", "video");
                yield bytes(line);
            }
            case MISSING -> bytes(withPhotos(post(n, n, random), Kind.MISSING, n, 1));
            case CUT -> bytes(withPhotos(post(n, n, random), Kind.CUT, n, 1));
            case BOMB -> bytes(withPhotos(post(n, n, random), Kind.BOMB, n, 1));
            case ICON -> bytes(withPhotos(post(n, n, random), Kind.ICON, n, 1));
            case PAGE -> bytes(withPhotos(post(n, n, random), Kind.PAGE, n, 1));
            case SAME_PHOTO -> bytes(withPhotos(post(n, earlier, random), Kind.PHOTO, earlier, 1));
            case COPIED_PHOTO -> bytes(withPhotos(post(n, earlier, random), Kind.COPY, earlier, 1));
            case DELETION -> {
                ObjectNode line = JSON.createObjectNode();
                line.putObject("delete")
                        .putObject("tweet")
                        .put("id", id(earlier))
                        .put("author_id", author(earlier));
                yield bytes(line);
            }
            case REPETITION -> line(earlier);
            case NONSENSE -> {
                byte[] whole = bytes(post(n, n, random));
                yield Arrays.copyOf(whole, whole.length * 2 / 3);
            }
        };
    }

    /** When line n is sent. */
    public static Instant time(long n) {
        return FIRST.plusSeconds(SECONDS_APART * n);
    }

    private ObjectNode post(long n, long scene, SplittableRandom random) {
        Mood mood = world.mood(Space.SCENES, scene);
        Mood said = random.nextDouble() < world.agreement() ? mood : Mood.of((mood.label + 1 + random.nextInt(2)) % 3);
        ObjectNode line = JSON.createObjectNode();
        line.putObject("data")
                .put("id", id(n))
                .put("text", Phrases.text(said, world.random(Space.TEXTS, n)))
                .put("lang", "en")
                .put("created_at", time(n).toString())
                .put("author_id", author(n));
        return line;
    }

    private static ObjectNode withPhotos(ObjectNode line, Kind kind, long scene, int count) {
        ArrayNode keys = data(line).putObject("attachments").putArray("media_keys");
        ArrayNode media = line.putObject("includes").putArray("media");
        for (int i = 0; i < count; i++) {
            String key = "3_" + (FIRST_ID + MOST_PHOTOS * scene + i);
            keys.add(key);
            media.addObject()
                    .put("media_key", key)
                    .put("type", "photo")
                    .put("url", new SimulatedPhoto(kind, scene, i).url());
        }
        return line;
    }

    private static ObjectNode data(ObjectNode line) {
        return (ObjectNode) line.get("data");
    }

    private static String id(long n) {
        return Long.toString(FIRST_ID + n);
    }

    private String author(long n) {
        return Integer.toString(world.random(Space.TEXTS, n).split().nextInt(AUTHORS));
    }

    private static byte[] bytes(ObjectNode line) {
        try {
            return JSON.writeValueAsBytes(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError("a tree of plain values can be written", e);
        }
    }
}
