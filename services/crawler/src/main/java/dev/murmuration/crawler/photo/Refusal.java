package dev.murmuration.crawler.photo;

/**
 * Why a photo was refused.
 *
 * @param reason the reason, as `rejections` names it
 * @param detail for a person: what exactly, with the limit that it broke
 */
public record Refusal(Reason reason, String detail) {

    /** The reasons for which a photo is refused, in the order in which they can come up. */
    public enum Reason {
        /** Its post has more photos than the limit. */
        TOO_MANY("too-many-photos"),
        /** The address may not be fetched: private network, scheme, port, too many redirects. */
        BLOCKED("image-blocked"),
        /** The robots.txt of its site disallows fetching it, or cannot be read. */
        ROBOTS_TXT("image-robots-txt"),
        /** The header {@code X-Robots-Tag} forbids use for AI. */
        ROBOTS_TAG("image-robots-tag"),
        /** {@code Content-Usage}, in the header or in robots.txt, disallows use for AI. */
        CONTENT_USAGE("image-content-usage"),
        /** Nothing there: no file, an HTTP status that is not 200, a name that does not resolve, a connection that fails. */
        MISSING("image-missing"),
        /** More bytes or more pixels than the limits allow. */
        TOO_LARGE("image-too-large"),
        /** Not complete within the time limit. */
        TIMEOUT("image-timeout"),
        /** Not JPEG, PNG, WebP or GIF. */
        UNSUPPORTED("image-unsupported"),
        /** One side is shorter than the limit: icons, spacers, tracking pixels. */
        TOO_SMALL("image-too-small"),
        /** It claims to be a photo but is damaged or truncated. */
        CORRUPT("image-corrupt"),
        /** Its post is larger than an event may be. */
        EVENT_TOO_LARGE("event-too-large");

        private final String wireName;

        Reason(String wireName) {
            this.wireName = wireName;
        }

        /** The reason as in a `Rejection`. */
        public String wireName() {
            return wireName;
        }
    }
}
