package dev.murmuration.crawler.photo;

/** The result of an inspection. */
public sealed interface Inspected {

    /**
     * A photo that decodes whole.
     *
     * @param sha256 of the bytes as they were sent, lower-case hexadecimal
     * @param mediaType by magic bytes
     * @param extension of that media type, without a dot
     * @param width pixels after the EXIF orientation is applied
     * @param height likewise
     * @param pdq 32 bytes
     * @param pdqQuality 0 to 100
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Photo(
            byte[] bytes,
            String sha256,
            String mediaType,
            String extension,
            int width,
            int height,
            byte[] pdq,
            int pdqQuality)
            implements Inspected {}

    /** No photo, and why. */
    record Refused(Refusal refusal) implements Inspected {}
}
