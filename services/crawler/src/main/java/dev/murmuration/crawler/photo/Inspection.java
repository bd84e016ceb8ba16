package dev.murmuration.crawler.photo;

import dev.murmuration.crawler.photo.Inspected.Photo;
import dev.murmuration.crawler.photo.Inspected.Refused;
import dev.murmuration.crawler.photo.Refusal.Reason;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Decides whether bytes are a photo worth keeping: format by magic bytes, size from the header before anything is decoded, full decode, EXIF orientation,
 * perceptual hash. Safe for use by many threads: at most {@code parallel} decode at once, and together never more pixels than the largest single photo may have,
 * so that memory is bounded whatever arrives.
 */
public final class Inspection {

    private static final int PIXELS_PER_PERMIT = 1 << 10;

    private final InspectionLimits limits;
    private final PixelThreads decoders;
    private final Semaphore pixels;
    private final int allPixels;

    /** Takes photos within these limits, decoding at most {@code parallel} at once. */
    public Inspection(InspectionLimits limits, int parallel) {
        this.limits = limits;
        this.decoders = new PixelThreads(parallel);
        this.allPixels = permits(limits.maxPixels());
        this.pixels = new Semaphore(allPixels, true);
    }

    /**
     * The photo in these bytes, or why it is none.
     *
     * @throws InterruptedException if the caller was interrupted while it waited for its turn
     */
    public Inspected inspect(byte[] bytes) throws InterruptedException {
        Optional<Header> header;
        try {
            header = HeaderReader.read(bytes);
        } catch (HeaderReader.BrokenHeaderException e) {
            return refused(Reason.CORRUPT, String.valueOf(e.getMessage()));
        }
        if (header.isEmpty()) {
            return refused(
                    Reason.UNSUPPORTED,
                    "neither JPEG, PNG, WebP nor GIF: begins with "
                            + HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 8)));
        }
        Optional<Refusal> refusal = outsideLimits(header.get());
        return refusal.isPresent() ? new Refused(refusal.get()) : decoded(bytes, header.get());
    }

    private Optional<Refusal> outsideLimits(Header header) {
        String size = header.width() + " x " + header.height() + " pixels";
        if (header.width() <= 0 || header.height() <= 0) {
            return Optional.of(new Refusal(Reason.CORRUPT, size));
        }
        if (header.pixels() > limits.maxPixels()) {
            return Optional.of(new Refusal(Reason.TOO_LARGE, size + ", limit " + limits.maxPixels()));
        }
        if (Math.min(header.width(), header.height()) < limits.minSide()) {
            return Optional.of(new Refusal(Reason.TOO_SMALL, size + ", at least " + limits.minSide() + " a side"));
        }
        return Optional.empty();
    }

    private Inspected decoded(byte[] bytes, Header header) throws InterruptedException {
        int share = Math.min(permits(header.pixels()), allPixels);
        return decoders.call(() -> {
            pixels.acquire(share);
            try {
                return photo(bytes, header, Decoder.decode(bytes, header));
            } catch (Decoder.CorruptPhotoException e) {
                return refused(Reason.CORRUPT, String.valueOf(e.getMessage()));
            } finally {
                pixels.release(share);
            }
        });
    }

    private static Photo photo(byte[] bytes, Header header, Decoder.Decoded decoded) {
        Orientation orientation = Orientation.of(header, bytes);
        Pdq pdq = Pdq.of(Luma.of(decoded.image(), orientation));
        return new Photo(
                bytes,
                sha256(bytes),
                header.format().mediaType,
                header.format().extension,
                orientation.width(decoded.width(), decoded.height()),
                orientation.height(decoded.width(), decoded.height()),
                pdq.hash(),
                pdq.quality());
    }

    private static int permits(long pixels) {
        return Math.toIntExact(Math.max(1, pixels / PIXELS_PER_PERMIT));
    }

    private static Refused refused(Reason reason, String detail) {
        return new Refused(new Refusal(reason, detail));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
