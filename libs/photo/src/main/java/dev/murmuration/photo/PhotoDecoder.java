package dev.murmuration.photo;

/**
 * The one way from untrusted bytes to pixels, for every part of the program: detects the format by magic bytes, checks limits in the header
 * before anything is decoded, applies the EXIF orientation, drops transparency, ignores colour profiles and refuses truncated files. The
 * pixels equal those of Pillow's {@code convert("RGB")}. Safe for use by many threads; decode on platform threads, since the JDK's readers
 * call native code and initialise classes that wait for each other.
 */
public final class PhotoDecoder {

    private final Limits limits;

    /** Creates a decoder of photos within these limits. */
    public PhotoDecoder(Limits limits) {
        this.limits = limits;
    }

    /**
     * Reads a photo's header; nothing is decoded.
     *
     * @throws PhotoException if it is not a photo, or outside the limits
     */
    public EncodedPhoto open(byte[] file) throws PhotoException {
        PhotoFile opened = PhotoFile.open(file);
        limits.check(opened.header());
        return new EncodedPhoto(opened, limits);
    }

    /**
     * Decodes a photo.
     *
     * @throws PhotoException if it is not a photo, outside the limits, or damaged in any way
     */
    public Photo decode(byte[] file) throws PhotoException {
        return open(file).decode();
    }
}
