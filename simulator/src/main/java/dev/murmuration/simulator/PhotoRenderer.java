package dev.murmuration.simulator;

import dev.murmuration.simulator.World.Space;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/** Draws and encodes the photos of a world. Safe for use by many threads; a photo is the same bytes each time. */
public final class PhotoRenderer {

    private static final int PHOTOS_OF_A_SCENE = 8;
    private static final double QUALITY = 0.86;

    private final World world;

    /** Renders this world. */
    public PhotoRenderer(World world) {
        this.world = world;
    }

    /** The bytes that an address in the stream leads to; empty if nothing is found there. */
    public Optional<byte[]> bytes(SimulatedPhoto photo) {
        long scene = photo.scene();
        int index = photo.index();
        return switch (photo.kind()) {
            case PHOTO -> Optional.of(photo(Space.SCENES, scene, index));
            case COPY -> Optional.of(Encoding.jpeg(Encoding.resized(picture(Space.SCENES, scene, index), 0.8), 0.7));
            case MISSING -> Optional.empty();
            case CUT -> {
                byte[] whole = photo(Space.SCENES, scene, index);
                yield Optional.of(Arrays.copyOf(whole, whole.length / 2));
            }
            case BOMB -> Optional.of(bomb());
            case ICON -> Optional.of(Encoding.png(new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB)));
            case PAGE ->
                Optional.of("<!doctype html><title>This photo has moved</title>".getBytes(StandardCharsets.UTF_8));
        };
    }

    /** Photo {@code number} of the benchmark, which shows nothing of the stream. */
    public byte[] benchmarkPhoto(long number) {
        return photo(Space.BENCHMARK, number, 0);
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
