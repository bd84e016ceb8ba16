package dev.murmuration.crawler.feed;

/** Counts input that a feed skips or corrects, so that a change in a network, or an attack, is noticed. Safe for use by many threads. */
@FunctionalInterface
public interface Oddities {

    /** Kind of oddity. */
    enum Kind {
        /** A time before 2006 or ahead of our clock was replaced by the time of arrival. */
        IMPLAUSIBLE_TIME("implausible-time"),
        /** A post has an embed of a type that this version does not support; the detail names the type. */
        UNKNOWN_EMBED("unknown-embed"),
        /** A frame is not about posts; the detail names its kind. */
        PASSED_OVER("passed-over"),
        /** The server sent an event from before the requested time, which was delivered before. */
        SENT_AGAIN("sent-again");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        /** Returns the name in metrics. */
        public String wireName() {
            return wireName;
        }
    }

    /** Counts one oddity. The detail is untrusted; implementations that store it must bound it. */
    void count(Kind kind, String detail);

    /** Counts nothing. */
    static Oddities ignored() {
        return (kind, detail) -> {};
    }
}
