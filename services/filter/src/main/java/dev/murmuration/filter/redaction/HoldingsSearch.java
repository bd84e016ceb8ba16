package dev.murmuration.filter.redaction;

import dev.murmuration.filter.lineage.Walker;
import dev.murmuration.filter.pipeline.CommandException;
import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Finds what is held of a person or a tweet: in the topics of the pipeline and of every relabelling, and in the store. */
public final class HoldingsSearch {

    private static final int SHORTEST_ID_IN_LETTERS = 8;

    private final Pipeline pipeline;

    /** Searches what this is connected to. */
    public HoldingsSearch(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    /**
     * Searches.
     *
     * @param isMeant which tweets are meant, as far as they are still on {@code tweets}
     * @param ids further ones, which may be gone from there
     */
    public Holdings of(Predicate<Tweet> isMeant, Set<String> ids, Walker walker) {
        Map<String, List<String>> photosByTweet = new HashMap<>();
        Set<String> meant = new TreeSet<>(ids);
        Set<String> deleted = new HashSet<>();
        pipeline.read(Topics.TWEETS, Tweet.class, (record, decoded) -> {
            switch (decoded) {
                case Decoded.Event<Tweet>(Tweet tweet) -> {
                    deleted.remove(tweet.getId());
                    photosByTweet.put(
                            tweet.getId(),
                            tweet.getImages().stream().map(Image::getKey).toList());
                    if (isMeant.test(tweet)) {
                        meant.add(tweet.getId());
                    }
                }
                // The broker still has what was sent before it, which an erasure that failed needs to be found again.
                case Decoded.Tombstone<Tweet> tombstone -> deleted.add(text(record.key()));
                case Decoded.Ended<Tweet> ended -> {
                    // Of nobody.
                }
                case Decoded.Undecodable<Tweet>(String reason) ->
                    throw new CommandException("tweets partition %d offset %d: %s. Nobody knows whose it is"
                            .formatted(record.partition(), record.offset(), reason));
            }
        });
        Set<String> photos = new TreeSet<>();
        Set<String> others = new HashSet<>();
        photosByTweet.forEach((id, keys) -> {
            if (meant.contains(id)) {
                photos.addAll(keys);
            } else if (!deleted.contains(id)) {
                others.addAll(keys);
            }
        });
        photos.removeIf(key -> !pipeline.store().exists(key));
        Set<String> shared = new TreeSet<>(photos);
        shared.retainAll(others);
        return new Holdings(
                meant, photos, shared, records(meant), walker.reach(entry -> meant.contains(entry.tweetId())));
    }

    private Map<String, Holdings.Places> records(Set<String> ids) {
        Map<String, Holdings.Places> records = new TreeMap<>();
        for (String topic : pipeline.topicsOfTweets()) {
            Map<String, Integer> partitions = new TreeMap<>();
            Map<String, Long> counts = new HashMap<>();
            boolean isOfLetters = topic.endsWith("-dead-letters");
            pipeline.read(topic, Map.of(), record -> {
                String key = record.key() == null ? "" : text(record.key());
                if (record.value() == null) {
                    counts.remove(key); // Compacted away, sooner or later; elsewhere it goes with its topic's time.
                } else if (ids.contains(key) || (isOfLetters && mentions(record, ids))) {
                    partitions.put(key, record.partition());
                    counts.merge(key, 1L, Long::sum);
                }
            });
            partitions.keySet().retainAll(counts.keySet());
            long count = counts.values().stream().mapToLong(Long::longValue).sum();
            if (count > 0) {
                records.put(topic, new Holdings.Places(partitions, count));
            }
        }
        return records;
    }

    // What a crawler could not read has no tweet's id as its key.
    private static boolean mentions(ConsumerRecord<byte[], byte[]> letter, Set<String> ids) {
        String value = new String(letter.value(), StandardCharsets.ISO_8859_1);
        return ids.stream()
                .filter(id -> id.length() >= SHORTEST_ID_IN_LETTERS)
                .map(id -> new String(id.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
                .anyMatch(value::contains);
    }

    private static String text(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }
}
