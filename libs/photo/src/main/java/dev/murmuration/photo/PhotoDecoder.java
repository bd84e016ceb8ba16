package dev.murmuration.photo;

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
     * Reads a photo's header; nothing is decoded.
     *
     * @throws PhotoException if it is none, or outside the limits
     */
    public EncodedPhoto open(byte[] file) throws PhotoException {
        PhotoFile opened = PhotoFile.open(file);
        limits.check(opened.header());
        return new EncodedPhoto(opened, limits);
    }

    /**
     * Decodes a photo.
     *
     * @throws PhotoException if it is none, outside the limits, or damaged in any way
     */
    public Photo decode(byte[] file) throws PhotoException {
        return open(file).decode();
    }
}
