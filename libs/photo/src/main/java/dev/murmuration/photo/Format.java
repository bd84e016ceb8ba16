package dev.murmuration.photo;

/** The formats of photos. */
public enum Format {
    /** ITU-T T.81. */
    JPEG("image/jpeg", "jpg"),
    /** ISO 15948. */
    PNG("image/png", "png"),
    /** RFC 9649. */
    WEBP("image/webp", "webp"),
    /** GIF 87a and 89a; the first frame is the photo. */
    GIF("image/gif", "gif");

    private final String mediaType;
    private final String extension;

    Format(String mediaType, String extension) {
        this.mediaType = mediaType;
        this.extension = extension;
    }

    /** Returns the media type, as in HTTP. */
    public String mediaType() {
        return mediaType;
    }

    /** Returns the file name extension, without a dot. */
    public String extension() {
        return extension;
    }
}
