package dev.murmuration.photo;

import java.io.IOException;

/** A photo whose header has been read and is within the limits, but which is not decoded yet. */
public final class EncodedPhoto {

    private final PhotoFile file;
    private final Limits limits;

    EncodedPhoto(PhotoFile file, Limits limits) {
        this.file = file;
        this.limits = limits;
    }

    /** Returns the header. */
    public Header header() {
        return file.header();
    }

    /**
     * Decodes it.
     *
     * @throws PhotoException if it is damaged in any way, or is not decoded in time
     */
    public Photo decode() throws PhotoException {
        return decode(Integer.MAX_VALUE);
    }

    /**
     * Decodes every n-th pixel of a photo that is larger than needed, so that memory depends on the size needed and not on the size
     * claimed.
     *
     * @param enough pixels per side; subsampling makes no side shorter than this
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
        } catch (IOException | RuntimeException e) { // Readers throw any exception on malformed input.
            if (deadline.isOver()) {
                throw deadline.exception();
            }
            throw new PhotoException(PhotoException.Reason.CORRUPT, inOneLine(e), e);
        } catch (OutOfMemoryError | StackOverflowError e) { // Caused by one photo; its memory is free again.
            throw new PhotoException(PhotoException.Reason.CORRUPT, "needs more memory than is available", e);
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
