package dev.murmuration.crawler.feed;

/** Counts what a feed passes over or mends, so that a change of a network, or an attempt, is noticed. Safe for use by many threads. */
@FunctionalInterface
public interface Oddities {

    /** What happened. */
    enum Kind {
        /** A time before 2006 or ahead of our clock was replaced by the time of arrival. */
        IMPLAUSIBLE_TIME("implausible-time"),
        /** A post embeds something of a type that this version does not know; of which type, the detail says. */
        UNKNOWN_EMBED("unknown-embed"),
        /** A frame says nothing about posts; of which kind, the detail says. */
        PASSED_OVER("passed-over"),
        /** The server sent something from before the moment that was asked for: it came already. */
        SENT_AGAIN("sent-again");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        /** The name in metrics. */
        public String wireName() {
            return wireName;
        }
    }

    /** Counts one. The detail is a stranger's word: whoever keeps it bounds it. */
    void count(Kind kind, String detail);

    /** Counts nothing. */
    static Oddities ignored() {
        return (kind, detail) -> {};
    }
}
