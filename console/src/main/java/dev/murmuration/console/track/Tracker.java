package dev.murmuration.console.track;

import dev.murmuration.cluster.TopicReader;
import dev.murmuration.console.dataset.DataSets;
import dev.murmuration.console.topic.EventListener;
import dev.murmuration.console.topic.Position;
import dev.murmuration.console.topic.Subscription;
import dev.murmuration.console.training.Runs;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Finds the way of a tweet, photo, shard or sample in the topics, by reading their newest records. Records are compared as bytes, and only
 * those of the subject are decoded. One search at a time.
 */
public final class Tracker {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int MAX_TWEETS = 20;

    private final TopicReader topics;
    private final RegistrySettings registry;
    private final long history;
    private final DataSets datasets;
    private final Runs runs;

    /**
     * Searches these topics.
     *
     * @param history how many records of each partition are searched, the newest ones
     */
    public Tracker(Map<String, Object> kafka, RegistrySettings registry, long history, DataSets datasets, Runs runs) {
        Map<String, Object> quiet = new HashMap<>(kafka);
        quiet.remove("interceptor.classes");
        quiet.put("client.id", "console-track");
        this.topics = new TopicReader(quiet, TIMEOUT);
        this.registry = registry;
        this.history = history;
        this.datasets = datasets;
        this.runs = runs;
    }

    /** What the topics hold of this subject. */
    public synchronized Way find(String typed) {
        return switch (Subject.of(typed)) {
            case Subject.Tweet(String id) -> new Way(typed, "tweet", List.of(), tweets(Set.of(id)));
            case Subject.Photo(String sha256) ->
                new Way(typed, "photo", List.of(), tweets(ids(Topics.TWEETS, holds(sha256))));
            case Subject.Sample(String hash, int index) ->
                new Way(
                        typed,
                        "sample",
                        List.of(),
                        tweets(ids(Topics.TWEETS, read -> Sha256.hex(key(read)).startsWith(hash))));
            case Subject.Shard(String key) -> shard(typed, key);
        };
    }

    private Way shard(String typed, String key) {
        Optional<DataSets.Placed> found = datasets.shard(key);
        if (found.isEmpty()) {
            return new Way(typed, "shard", List.of(), List.of());
        }
        Shard shard = found.get().shard();
        Set<String> ids = ids(
                Topics.LABELLED_IMAGES,
                read -> read.partition() == shard.getSourcePartition()
                        && read.offset() >= shard.getFirstOffset()
                        && read.offset() <= shard.getLastOffset());
        List<String> lines = List.of(
                "%s, %s, %d samples, %,d bytes"
                        .formatted(shard.getDataset(), shard.getSplit(), shard.getSamples(), shard.getBytes()),
                "labelled-images/%d from offset %d to %d"
                        .formatted(shard.getSourcePartition(), shard.getFirstOffset(), shard.getLastOffset()),
                "the first %d tweets between these offsets, those of other data sets and splits included"
                        .formatted(ids.size()));
        return new Way(typed, "shard", lines, tweets(ids));
    }

    private static Predicate<ConsumerRecord<byte[], byte[]>> holds(String ascii) {
        byte[] wanted = ascii.getBytes(StandardCharsets.US_ASCII);
        return read -> read.value() != null && holds(read.value(), wanted);
    }

    static boolean holds(byte[] bytes, byte[] wanted) {
        for (int start = 0; start + wanted.length <= bytes.length; start++) {
            int same = 0;
            while (same < wanted.length && bytes[start + same] == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return true;
            }
        }
        return false;
    }

    private static String key(ConsumerRecord<byte[], byte[]> read) {
        return read.key() == null ? "" : new String(read.key(), StandardCharsets.UTF_8);
    }

    private Set<String> ids(Topic topic, Predicate<ConsumerRecord<byte[], byte[]>> isWanted) {
        Set<String> ids = new LinkedHashSet<>();
        topics.read(topic.name(), TopicReader.Start.last(history), read -> {
            if (ids.size() < MAX_TWEETS && isWanted.test(read)) {
                ids.add(key(read));
            }
        });
        return ids;
    }

    private List<TweetWay> tweets(Set<String> ids) {
        Map<String, Trail> trails = new LinkedHashMap<>();
        ids.forEach(id -> trails.put(id, new Trail(id, datasets, runs)));
        if (!ids.isEmpty()) {
            each(trails, Topics.TWEETS, Tweet.class, (trail, found) -> trail.tweet(found.event(), found.position()));
            each(
                    trails,
                    Topics.SCORED_TWEETS,
                    ScoredTweet.class,
                    (trail, found) -> trail.scored(found.event(), found.position()));
            each(
                    trails,
                    Topics.LABELLED_IMAGES,
                    LabelledImage.class,
                    (trail, found) -> trail.labelled(found.event(), found.position()));
            each(
                    trails,
                    Topics.REJECTIONS,
                    Rejection.class,
                    (trail, found) -> trail.rejected(found.event(), found.position()));
        }
        return trails.values().stream()
                .filter(trail -> !trail.isEmpty())
                .map(Trail::way)
                .toList();
    }

    private record Found<T>(T event, Position position) {}

    private <T extends SpecificRecord> void each(
            Map<String, Trail> trails, Topic topic, Class<T> type, BiConsumer<Trail, Found<T>> sink) {
        try (EventReader<T> reader = EventReader.of(registry, topic, type)) {
            topics.read(topic.name(), TopicReader.Start.last(history), read -> {
                Trail trail = trails.get(key(read));
                if (trail == null) {
                    return;
                }
                if (read.value() == null) {
                    if (topic.equals(Topics.TWEETS)) {
                        trail.deleted(Position.of(read));
                    }
                    return;
                }
                EventListener<T> listener = (event, position) -> sink.accept(trail, new Found<>(event, position));
                Subscription.events(topic, history, reader, listener, reason -> {})
                        .sink()
                        .accept(read);
            });
        }
    }
}
