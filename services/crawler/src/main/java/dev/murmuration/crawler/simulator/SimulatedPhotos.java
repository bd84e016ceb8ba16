package dev.murmuration.crawler.simulator;

import dev.murmuration.crawler.photo.Fetched;
import dev.murmuration.crawler.photo.PhotoSource;
import dev.murmuration.crawler.photo.PixelThreads;
import dev.murmuration.crawler.photo.Refusal.Reason;
import dev.murmuration.crawler.photo.Room;
import dev.murmuration.crawler.simulator.World.Space;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** Draws the photo that an address names: {@code simulator:<kind>/<scene>/<index>}. */
final class SimulatedPhotos implements PhotoSource {

    /** What is behind an address. */
    enum Kind {
        /** A photo as it was taken. */
        PHOTO,
        /** The same scene, smaller and encoded anew: a near duplicate. */
        COPY,
        /** Nothing. */
        MISSING,
        /** A photo that breaks off. */
        CUT,
        /** A few bytes that claim to be 900 megapixels. */
        BOMB,
        /** An icon. */
        ICON,
        /** A web page instead of a photo. */
        PAGE;

        String url(long scene, int index) {
            return "simulator:%s/%d/%d".formatted(name().toLowerCase(Locale.ROOT), scene, index);
        }
    }

    private static final Pattern URL = Pattern.compile("simulator:([a-z]+)/(\\d{1,18})/(\\d)");
    private static final int PHOTOS_OF_A_SCENE = 8;
    private static final double QUALITY = 0.86;

    private final World world;
    private final PixelThreads painters = new PixelThreads(Runtime.getRuntime().availableProcessors());

    SimulatedPhotos(World world) {
        this.world = world;
    }

    @Override
    public Fetched fetch(String url, Room room) throws InterruptedException {
        Matcher matcher = URL.matcher(url);
        if (!matcher.matches()) {
            return Fetched.refused(Reason.BLOCKED, "not an address of the simulator");
        }
        Kind kind = Kind.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
        long scene = Long.parseLong(matcher.group(2));
        int index = Integer.parseInt(matcher.group(3));
        // What is drawn is never larger than the picture itself.
        room.reserve(3L * world.photoSide() * world.photoSide());
        return painters.call(() -> behind(kind, scene, index));
    }

    private Fetched behind(Kind kind, long scene, int index) {
        return switch (kind) {
            case PHOTO -> new Fetched.Body(photo(Space.SCENES, scene, index));
            case COPY ->
                new Fetched.Body(Encoding.jpeg(Encoding.resized(picture(Space.SCENES, scene, index), 0.8), 0.7));
            case MISSING -> Fetched.refused(Reason.MISSING, "the simulator has no such photo");
            case CUT -> {
                byte[] whole = photo(Space.SCENES, scene, index);
                yield new Fetched.Body(Arrays.copyOf(whole, whole.length / 2));
            }
            case BOMB -> new Fetched.Body(bomb());
            case ICON -> new Fetched.Body(Encoding.png(new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB)));
            case PAGE ->
                new Fetched.Body("<!doctype html><title>This photo has moved</title>".getBytes(StandardCharsets.UTF_8));
        };
    }

    /** Photo {@code index} of a scene; its mood is the scene's. One of sixteen is a PNG. */
    byte[] photo(Space space, long scene, int index) {
        BufferedImage picture = picture(space, scene, index);
        return scene % 16 == 7 ? Encoding.png(picture) : Encoding.jpeg(picture, QUALITY);
    }

    private BufferedImage picture(Space space, long scene, int index) {
        SplittableRandom random = world.random(space, scene);
        for (int skipped = 0; skipped <= index % PHOTOS_OF_A_SCENE; skipped++) {
            random = random.split();
        }
        return Painter.paint(world.mood(space, scene), world.photoSide(), random);
    }

    // A PNG of nothing but its header.
    private static byte[] bomb() {
        ByteBuffer header = ByteBuffer.allocate(17)
                .put("IHDR".getBytes(StandardCharsets.US_ASCII))
                .putInt(30_000)
                .putInt(30_000)
                .put(new byte[] {8, 2, 0, 0, 0});
        CRC32 crc = new CRC32();
        crc.update(header.array());
        return ByteBuffer.allocate(8 + 4 + 17 + 4)
                .putLong(0x89504E470D0A1A0AL)
                .putInt(13)
                .put(header.array())
                .putInt((int) crc.getValue())
                .array();
    }
}
