package dev.murmuration.photo;

import java.io.IOException;

/** A photo whose header was read and is within the limits, and that is not decoded yet. */
public final class EncodedPhoto {

    private final PhotoFile file;
    private final Limits limits;

    EncodedPhoto(PhotoFile file, Limits limits) {
        this.file = file;
        this.limits = limits;
    }

    /** What it says of itself. */
    public Header header() {
        return file.header();
    }

    /**
     * Decodes it.
     *
     * @throws PhotoException if it is damaged in any way, or its time is over
     */
    public Photo decode() throws PhotoException {
        return decode(Integer.MAX_VALUE);
    }

    /**
     * Decodes every n-th pixel of a photo that is larger than needed, so that memory follows what is needed and not what is claimed.
     *
     * @param enough pixels a side: no side gets shorter by leaving out pixels
     * @throws PhotoException as for {@link #decode()}
     */
    public Photo decode(int enough) throws PhotoException {
        Header header = header();
        Deadline deadline = Deadline.in(limits.time());
        try {
            Canvas canvas = new Canvas(
                    header, step(header.storedWidth(), enough), step(header.storedHeight(), enough), deadline);
            file.decode(canvas, deadline);
            return canvas.photo();
        } catch (PhotoException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // Readers throw whatever their parsing trips over.
            if (deadline.isOver()) {
                throw deadline.exception();
            }
            throw new PhotoException(PhotoException.Reason.CORRUPT, inOneLine(e), e);
        } catch (OutOfMemoryError | StackOverflowError e) { // Of one photo, and gone with it.
            throw new PhotoException(PhotoException.Reason.CORRUPT, "needs more memory than there is", e);
        }
    }

    private static String inOneLine(Exception e) {
        String message = e.getMessage();
        return e.getClass().getSimpleName()
                + (message == null ? "" : ": " + message.lines().findFirst().orElse(""));
    }

    private static int step(int side, int enough) {
        return Math.max(1, side / enough);
    }
}
