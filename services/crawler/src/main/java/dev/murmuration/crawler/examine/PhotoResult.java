package dev.murmuration.crawler.examine;

import dev.murmuration.crawler.photo.Refusal;
import dev.murmuration.schemas.Image;

/** Result of one photo of a post. */
public sealed interface PhotoResult {

    /** It is in the object store. */
    record Stored(Image image) implements PhotoResult {}

    /** It was refused. */
    record Refused(int index, Refusal refusal) implements PhotoResult {}
}
