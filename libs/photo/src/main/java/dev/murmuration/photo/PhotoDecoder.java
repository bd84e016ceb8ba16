package dev.murmuration.photo;

import java.io.IOException;

/**
 * The one way from a stranger's bytes to pixels, for every part of the program: format by magic bytes, limits from the header before anything is decoded, EXIF
 * orientation applied, transparency dropped, colour profiles ignored, and what is cut short refused. The pixels are Pillow's, as {@code convert("RGB")} gives them.
 * Used by any number of threads at once; decode on platform threads, since the JDK's readers call native code and initialise classes that wait for each other.
 */
public final class PhotoDecoder {

    private final Limits limits;

    /** Decodes what is within these limits. */
    public PhotoDecoder(Limits limits) {
        this.limits = limits;
    }

    /**
     * What a photo says of itself; nothing is decoded.
     *
     * @throws PhotoException if it is none, or outside the limits
     */
    public Header header(byte[] file) throws PhotoException {
        return open(file).header();
    }

    /**
     * Decodes a photo.
     *
     * @throws PhotoException if it is none, outside the limits, or damaged in any way
     */
    public Photo decode(byte[] file) throws PhotoException {
        return decode(file, Integer.MAX_VALUE);
    }

    /**
     * Decodes every so manieth pixel of a photo that is larger than needed, so that memory follows what is needed and not what is claimed.
     *
     * @param enough pixels a side: no side gets shorter by leaving out pixels
     * @throws PhotoException as for {@link #decode(byte[])}
     */
    public Photo decode(byte[] file, int enough) throws PhotoException {
        PhotoFile opened = open(file);
        Header header = opened.header();
        Deadline deadline = Deadline.in(limits.time());
        try {
            Canvas canvas = new Canvas(
                    header, step(header.storedWidth(), enough), step(header.storedHeight(), enough), deadline);
            opened.decode(canvas, deadline);
            return canvas.photo();
        } catch (PhotoException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // Readers throw whatever their parsing trips over.
            if (deadline.isOver()) {
                throw deadline.exception();
            }
            throw new PhotoException(
                    PhotoException.Reason.CORRUPT, e.getClass().getSimpleName() + ": " + e.getMessage(), e);
        } catch (OutOfMemoryError | StackOverflowError e) { // Of one photo, and gone with it.
            throw new PhotoException(PhotoException.Reason.CORRUPT, "needs more memory than there is", e);
        }
    }

    private PhotoFile open(byte[] file) throws PhotoException {
        PhotoFile opened = PhotoFile.open(file);
        limits.check(opened.header());
        return opened;
    }

    private static int step(int side, int enough) {
        return Math.max(1, side / enough);
    }
}
