package dev.murmuration.evaluator.evaluation;

import dev.murmuration.student.pixels.Pixels;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decoded and resized photos, so that the next checkpoint of a run does not decode them again. It is filled up to its limit and
 * evicts nothing: every evaluation reads all photos in the same order, and an evicting cache that is too small for such a scan never hits.
 */
public final class PixelCache {

    private final long limitBytes;
    private final AtomicLong usedBytes = new AtomicLong();
    private final Map<Key, byte[]> pixels = new ConcurrentHashMap<>();

    /**
     * A photo in the form that a student needs.
     *
     * @param form side and resize: equal where pixels are
     * @param sha256 of the photo's bytes
     */
    record Key(Pixels form, String sha256) {}

    /** Caches at most so many bytes of pixels. */
    public PixelCache(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    Optional<byte[]> get(Key key) {
        return Optional.ofNullable(pixels.get(key));
    }

    /** Keeps the pixels if there is room for them. */
    void offer(Key key, byte[] photo) {
        int bytes = photo.length;
        if (usedBytes.addAndGet(bytes) > limitBytes || pixels.putIfAbsent(key, photo) != null) {
            usedBytes.addAndGet(-bytes);
        }
    }

    /** Removes every photo that is not among these hashes, so that changed or removed benchmarks make room. */
    public void retain(Set<String> sha256s) {
        pixels.entrySet().removeIf(entry -> {
            boolean stale = !sha256s.contains(entry.getKey().sha256());
            if (stale) {
                usedBytes.addAndGet(-entry.getValue().length);
            }
            return stale;
        });
    }

    /** Bytes of the pixels held now. */
    long usedBytes() {
        return usedBytes.get();
    }
}
