package dev.murmuration.crawler.feed;

/** What an author can say, by means of a network, against the use of posts. */
public enum Preference {
    /** Mastodon: the account asks not to be indexed by search engines ({@code account.noindex}). */
    NOINDEX,
    /** Mastodon: the account has not agreed to be found by search ({@code account.indexable} is false), which is how accounts start. */
    NOT_INDEXABLE,
    /** Mastodon: the account's description has the hashtag {@code #nobot}, {@code #nobots} or {@code #noindex}. */
    NOBOT,
    /** Bluesky: the post has labels that its author gave it (com.atproto.label.defs#selfLabels), such as {@code !no-unauthenticated}. */
    LABELS
}
