package dev.murmuration.photo;

import java.io.IOException;

/** A file of one of the formats, its header read and checked. */
sealed interface PhotoFile permits JpegFile, PngFile, WebpFile, GifFile {

    /** Returns the header. */
    Header header();

    /**
     * Decodes every pixel on the calling thread, which checks the deadline throughout.
     *
     * @throws IOException if it is damaged; readers may also throw any unchecked exception on malformed input
     */
    void decode(Canvas canvas, Deadline deadline) throws IOException;

    /**
     * Opens a file by its magic bytes.
     *
     * @throws PhotoException if it has none of the formats, is of a kind that is not supported, or its header is malformed
     */
    static PhotoFile open(byte[] file) throws PhotoException {
        Bytes bytes = new Bytes(file);
        if (bytes.isAt(0, "\u00ff\u00d8\u00ff")) {
            return JpegFile.open(bytes);
        }
        if (bytes.isAt(0, PngFile.SIGNATURE)) {
            return PngFile.open(bytes);
        }
        if (bytes.isAt(0, "GIF87a") || bytes.isAt(0, "GIF89a")) {
            return GifFile.open(bytes);
        }
        if (bytes.isAt(0, "RIFF") && bytes.isAt(8, "WEBP")) {
            return WebpFile.open(bytes);
        }
        throw PhotoException.unsupported("neither JPEG, PNG, WebP nor GIF: starts with "
                + java.util.HexFormat.of().formatHex(file, 0, Math.min(file.length, 8)));
    }
}
