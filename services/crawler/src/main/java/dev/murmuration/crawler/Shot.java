package dev.murmuration.crawler;

import dev.murmuration.crawler.photo.Refusal;
import dev.murmuration.schemas.Image;

/** What became of one photo of a post. */
sealed interface Shot {

    /** It is in the object store. */
    record Stored(Image image) implements Shot {}

    /** It was refused. */
    record Refused(int index, Refusal refusal) implements Shot {}
}
