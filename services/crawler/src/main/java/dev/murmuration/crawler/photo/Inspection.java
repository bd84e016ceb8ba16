package dev.murmuration.crawler.photo;

import dev.murmuration.crawler.photo.Inspected.Photo;
import dev.murmuration.crawler.photo.Inspected.Refused;
import dev.murmuration.crawler.photo.Refusal.Reason;
import dev.murmuration.photo.EncodedPhoto;
import dev.murmuration.photo.Header;
import dev.murmuration.photo.PhotoDecoder;
import dev.murmuration.photo.PhotoException;
import dev.murmuration.schemas.Sha256;
import java.util.concurrent.Semaphore;

/**
 * Decides whether bytes are a photo worth keeping: {@link PhotoDecoder} decodes them, and the photo is large enough once scaled;
 * returns its perceptual hash. Safe for use by many threads: at most {@code parallel} decode at once, and together never more
 * pixels than the largest single photo may have, so that memory is bounded whatever arrives.
 */
public final class Inspection {

    private static final int PIXELS_PER_PERMIT = 1 << 10;

    private final InspectionLimits limits;
    private final PhotoDecoder decoder;
    private final PixelThreads decoders;
    private final Semaphore pixels;
    private final int allPixels;

    /** Takes photos within these limits, decoding at most {@code parallel} at once. */
    public Inspection(InspectionLimits limits, int parallel) {
        this.limits = limits;
        this.decoder = new PhotoDecoder(limits.ofDecoding());
        this.decoders = new PixelThreads(parallel);
        this.allPixels = permits(limits.maxPixels());
        this.pixels = new Semaphore(allPixels, true);
    }

    /**
     * Returns the photo in these bytes, or why it is refused.
     *
     * @throws InterruptedException if the caller was interrupted while it waited for its turn
     */
    public Inspected inspect(byte[] bytes) throws InterruptedException {
        try {
            EncodedPhoto photo = decoder.open(bytes);
            int shorter = photo.header().shorterSide(limits.scaledSide());
            return shorter < limits.minSide() ? tooNarrow(photo.header(), shorter) : decoded(bytes, photo);
        } catch (PhotoException e) {
            return refused(e);
        }
    }

    private Inspected tooNarrow(Header header, int shorter) {
        return new Refused(new Refusal(
                Reason.TOO_SMALL,
                "%d x %d pixels, scaled to %d a side is %d, at least %d"
                        .formatted(header.width(), header.height(), limits.scaledSide(), shorter, limits.minSide())));
    }

    private Inspected decoded(byte[] bytes, EncodedPhoto photo) throws InterruptedException {
        int share = Math.min(permits(photo.header().pixels()), allPixels);
        return decoders.call(() -> {
            pixels.acquire(share);
            try {
                return taken(bytes, photo);
            } catch (PhotoException e) {
                return refused(e);
            } finally {
                pixels.release(share);
            }
        });
    }

    private static Photo taken(byte[] bytes, EncodedPhoto photo) throws PhotoException {
        Header header = photo.header();
        Pdq pdq = Pdq.of(Luma.of(photo.decode(Luma.MAX_SIDE)));
        return new Photo(
                bytes,
                Sha256.hex(bytes),
                header.format().mediaType(),
                header.format().extension(),
                header.width(),
                header.height(),
                pdq.hash(),
                pdq.quality());
    }

    private static int permits(long pixels) {
        return Math.toIntExact(Math.max(1, pixels / PIXELS_PER_PERMIT));
    }

    private static Refused refused(PhotoException e) {
        Reason reason =
                switch (e.reason()) {
                    case CORRUPT -> Reason.CORRUPT;
                    case UNSUPPORTED -> Reason.UNSUPPORTED;
                    case TOO_LARGE -> Reason.TOO_LARGE;
                    case TOO_SMALL -> Reason.TOO_SMALL;
                    case TIMEOUT -> Reason.TIMEOUT;
                };
        return new Refused(new Refusal(reason, String.valueOf(e.getMessage())));
    }
}
