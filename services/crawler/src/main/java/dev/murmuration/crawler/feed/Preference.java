package dev.murmuration.crawler.feed;

import java.util.Locale;

/** What an author can say, by means of a network, against the use of posts: of one, or of all. */
public enum Preference {
    /** Mastodon: the account asks not to be indexed by search engines ({@code account.noindex}). */
    NOINDEX,
    /** Mastodon: the account has not agreed to be found by search ({@code account.indexable} is false), which is how accounts start. */
    NOT_INDEXABLE,
    /** Mastodon: the account's description has the hashtag {@code #nobot}, {@code #nobots} or {@code #noindex}. */
    NOBOT,
    /** Bluesky: the post has labels that its author gave it (com.atproto.label.defs#selfLabels), such as {@code !no-unauthenticated}. */
    LABELS,
    /** Bluesky: the account disallows its data in data sets that are passed on ({@code org.user-intents.declaration}). */
    BULK_DATASET,
    /** Bluesky: the account disallows its data as input of models that could generate content ({@code org.user-intents.declaration}). */
    SYNTHETIC_CONTENT_GENERATION;

    /** Whether it is about all posts of its author, also the earlier ones. */
    public boolean isOfAccount() {
        return this != LABELS;
    }

    /** As settings and events have it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
