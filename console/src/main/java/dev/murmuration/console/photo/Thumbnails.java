package dev.murmuration.console.photo;

import dev.murmuration.photo.EncodedPhoto;
import dev.murmuration.photo.Limits;
import dev.murmuration.photo.Photo;
import dev.murmuration.photo.PhotoDecoder;
import dev.murmuration.photo.PhotoException;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import javax.imageio.ImageIO;

/** Small JPEGs of photos in the object store. A browser never gets the bytes that a stranger posted. Safe for use by several threads. */
public final class Thumbnails {

    /** The longer side, in pixels. */
    public static final int SIDE = 320;

    private static final int DECODING_AT_ONCE = 2;

    private final ObjectStore store;
    private final PhotoDecoder decoder = new PhotoDecoder(Limits.of(Limits.MAX_PIXELS, 1));
    private final Semaphore decoding = new Semaphore(DECODING_AT_ONCE);
    private final Map<String, byte[]> cache;

    /** Caches up to {@code capacity} thumbnails, about 15 KB each. */
    public Thumbnails(ObjectStore store, int capacity) {
        this.store = store;
        this.cache = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
                return size() > capacity;
            }
        };
    }

    /** The photo with this object key, made small; empty if the store has none or it cannot be decoded. */
    public Optional<byte[]> get(String key, String sha256) {
        synchronized (cache) {
            byte[] known = cache.get(key);
            if (known != null) {
                return Optional.of(known);
            }
        }
        decoding.acquireUninterruptibly();
        try {
            if (!(store.get(key, sha256) instanceof Fetched.Found<byte[]>(byte[] bytes))) {
                return Optional.empty();
            }
            EncodedPhoto photo = decoder.open(bytes);
            byte[] small = jpeg(
                    photo.decode(SIDE), photo.header().width(), photo.header().height());
            synchronized (cache) {
                cache.put(key, small);
            }
            return Optional.of(small);
        } catch (PhotoException e) {
            return Optional.empty();
        } finally {
            decoding.release();
        }
    }

    /** Scaled to the proportions of the whole photo: it was decoded with each side thinned out for itself. */
    private static byte[] jpeg(Photo photo, int wholeWidth, int wholeHeight) {
        double scale = Math.min(1, (double) SIDE / Math.max(wholeWidth, wholeHeight));
        int width = Math.max(1, (int) Math.round(wholeWidth * scale));
        int height = Math.max(1, (int) Math.round(wholeHeight * scale));
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = small.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(photo.image(), 0, 0, width, height, null);
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(small, "jpeg", out);
        } catch (IOException e) {
            throw new UncheckedIOException("a JPEG cannot be written to memory", e);
        }
        return out.toByteArray();
    }
}
