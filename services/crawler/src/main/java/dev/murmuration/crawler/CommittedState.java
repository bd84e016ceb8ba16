package dev.murmuration.crawler;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.murmuration.cluster.TopicReader;
import dev.murmuration.cluster.TopicReader.Start;
import dev.murmuration.crawler.examine.Declarations;
import dev.murmuration.crawler.feed.Preference;
import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.Declaration;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;

/**
 * State that earlier runs committed to the crawler's own topics. Read once at the start, after the producer has fenced off any
 * older instance and its open transaction is aborted, so that the last committed cursor is final.
 */
final class CommittedState {

    private final TopicReader topics;
    private final RegistrySettings registry;

    /**
     * Connects on first use.
     *
     * @param kafka how to reach the cluster, by Kafka's names
     */
    CommittedState(Map<String, Object> kafka, RegistrySettings registry) {
        this.topics = new TopicReader(kafka);
        this.registry = registry;
    }

    /** Number of partitions of {@code tweets}. */
    int tweetPartitions() {
        return topics.partitions(Topics.TWEETS.name());
    }

    /**
     * The last cursor of this feed; its beginning if it was never read.
     *
     * @throws IllegalStateException if its last cursor cannot be read: starting over would duplicate everything
     */
    Cursor cursor(String feed) {
        Cursor[] last = {CrawlState.beginning(feed)};
        read(Topics.CRAWLER_CURSORS, Cursor.class, Start.BEGINNING, (key, decoded) -> {
            if (!key.equals(feed)) {
                return;
            }
            switch (decoded) {
                case Decoded.Event<Cursor>(Cursor cursor) -> last[0] = cursor;
                case Decoded.Undecodable<Cursor>(String reason) ->
                    throw new IllegalStateException("the cursor of feed %s: %s".formatted(feed, reason));
                // Deleted by an operator who wants the feed read again.
                case Decoded.Tombstone<Cursor> tombstone -> last[0] = CrawlState.beginning(feed);
                case Decoded.Ended<Cursor> ended -> throw new IllegalStateException("a feed's end among the cursors");
            }
        });
        return last[0];
    }

    /** The tweets of this source among the last {@code capacity} records of `tweets` that are not deleted since. */
    SentTweets sentTweets(String source, int capacity) {
        SentTweets sent = new SentTweets(capacity);
        read(Topics.TWEETS, Tweet.class, Start.last(capacity / Math.max(1, tweetPartitions())), (id, decoded) -> {
            switch (decoded) {
                case Decoded.Event<Tweet>(Tweet tweet) -> {
                    if (tweet.getSource().equals(source)) {
                        sent.add(id, tweet.getAuthorHash());
                    }
                }
                case Decoded.Tombstone<Tweet> tombstone -> sent.remove(id);
                case Decoded.Ended<Tweet> ended -> {}
                // The teacher sends it to its dead letters.
                case Decoded.Undecodable<Tweet> undecodable -> {}
            }
        });
        return sent;
    }

    /** Fills in what the authors of this source have declared, as far as it was committed. */
    void declarations(String source, Declarations declarations) {
        read(Topics.CRAWLER_DECLARATIONS, Declaration.class, Start.BEGINNING, (author, decoded) -> {
            switch (decoded) {
                case Decoded.Event<Declaration>(Declaration declaration) -> {
                    if (declaration.getSource().equals(source)) {
                        declarations.put(author, preferences(declaration));
                    }
                }
                case Decoded.Tombstone<Declaration> tombstone -> declarations.put(author, Set.of());
                case Decoded.Ended<Declaration> ended ->
                    throw new IllegalStateException("a feed's end among the declarations");
                case Decoded.Undecodable<Declaration>(String reason) ->
                    throw new IllegalStateException("a declaration of an author: " + reason);
            }
        });
    }

    private static Set<Preference> preferences(Declaration declaration) {
        return Arrays.stream(Preference.values())
                .filter(preference -> declaration.getDisallowed().contains(preference.wireName()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private interface Visitor<T> {
        void visit(String key, Decoded<T> decoded);
    }

    private <T extends SpecificRecord> void read(Topic topic, Class<T> type, Start start, Visitor<T> visitor) {
        try (EventReader<T> reader = EventReader.of(registry, topic, type)) {
            topics.read(topic.name(), start, record -> {
                if (record.key() != null) {
                    visitor.visit(new String(record.key(), UTF_8), reader.read(record.headers(), record.value()));
                }
            });
        }
    }
}
