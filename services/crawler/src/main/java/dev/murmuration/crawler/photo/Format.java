package dev.murmuration.crawler.photo;

/** The formats that are taken, told apart by their first bytes and never by a name or a header. */
enum Format {
    JPEG("image/jpeg", "jpg"),
    PNG("image/png", "png"),
    WEBP("image/webp", "webp"),
    GIF("image/gif", "gif");

    final String mediaType;
    final String extension;

    Format(String mediaType, String extension) {
        this.mediaType = mediaType;
        this.extension = extension;
    }
}
