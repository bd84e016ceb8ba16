package dev.murmuration.console.track;

import dev.murmuration.console.dataset.DataSets;
import dev.murmuration.console.topic.Position;
import dev.murmuration.console.training.Runs;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Finds the way of a tweet, photo, shard or sample in the topics, by reading their newest records. Records are compared as bytes, and only
 * those of the subject are decoded. One search at a time, and each ends within its limit: what it has not read by then it names.
 */
public final class Tracker implements AutoCloseable {

    private static final int MAX_TWEETS = 20;

    private final TopicSearch topics;
    private final Duration limit;
    private final DataSets datasets;
    private final Runs runs;
    private final EventReader<Tweet> tweets;
    private final EventReader<ScoredTweet> scored;
    private final EventReader<LabelledImage> labelled;
    private final EventReader<Rejection> rejections;
    private final ReentrantLock searching = new ReentrantLock();

    /**
     * Searches the topics of a cluster.
     *
     * @param history how many records of each partition are searched, the newest ones
     * @param limit how long a search may take
     */
    public Tracker(
            Map<String, Object> kafka,
            RegistrySettings registry,
            long history,
            Duration limit,
            DataSets datasets,
            Runs runs) {
        this(TopicSearch.of(kafka, history), registry, limit, datasets, runs);
    }

    Tracker(TopicSearch topics, RegistrySettings registry, Duration limit, DataSets datasets, Runs runs) {
        this.topics = topics;
        this.limit = limit;
        this.datasets = datasets;
        this.runs = runs;
        this.tweets = EventReader.of(registry, Topics.TWEETS, Tweet.class);
        this.scored = EventReader.of(registry, Topics.SCORED_TWEETS, ScoredTweet.class);
        this.labelled = EventReader.of(registry, Topics.LABELLED_IMAGES, LabelledImage.class);
        this.rejections = EventReader.of(registry, Topics.REJECTIONS, Rejection.class);
    }

    /** What the topics hold of this subject, and what of them was not read within the limit. */
    public Way find(String typed) {
        Deadline deadline = Deadline.in(limit);
        Subject subject = Subject.of(typed);
        try {
            if (!searching.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                return new Way(
                        typed,
                        subject.kind(),
                        List.of(),
                        List.of(),
                        List.of("nothing: another search is still running"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Way(typed, subject.kind(), List.of(), List.of(), List.of("nothing: the console is stopping"));
        }
        try {
            return new Search(deadline).find(typed, subject);
        } finally {
            searching.unlock();
        }
    }

    @Override
    public void close() {
        searching.lock();
        try {
            topics.close();
        } finally {
            searching.unlock();
        }
        List.of(tweets, scored, labelled, rejections).forEach(EventReader::close);
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

    private static Predicate<ConsumerRecord<byte[], byte[]>> holds(String ascii) {
        byte[] wanted = ascii.getBytes(StandardCharsets.US_ASCII);
        return read -> read.value() != null && holds(read.value(), wanted);
    }

    private static String key(ConsumerRecord<byte[], byte[]> read) {
        return read.key() == null ? "" : new String(read.key(), StandardCharsets.UTF_8);
    }

    /** One search, which notes what it has not read. */
    private final class Search {

        private final Deadline deadline;
        private final Set<String> unread = new LinkedHashSet<>();

        Search(Deadline deadline) {
            this.deadline = deadline;
        }

        Way find(String typed, Subject subject) {
            List<String> lines = new ArrayList<>();
            Set<String> ids =
                    switch (subject) {
                        case Subject.Tweet(String id) -> Set.of(id);
                        case Subject.Photo(String sha256) -> ids(Topics.TWEETS.name(), holds(sha256));
                        case Subject.Sample(String hash, int index) ->
                            ids(
                                    Topics.TWEETS.name(),
                                    read -> Sha256.hex(key(read)).startsWith(hash));
                        case Subject.Shard(String key) ->
                            datasets.shard(key)
                                    .map(placed -> ids(placed.shard(), lines))
                                    .orElse(Set.of());
                    };
            List<TweetWay> found = tweets(ids);
            return new Way(typed, subject.kind(), lines, found, List.copyOf(unread));
        }

        private Set<String> ids(Shard shard, List<String> lines) {
            Set<String> ids = ids(
                    Topics.LABELLED_IMAGES.name(),
                    read -> read.partition() == shard.getSourcePartition()
                            && read.offset() >= shard.getFirstOffset()
                            && read.offset() <= shard.getLastOffset());
            lines.add("%s, %s, %d samples, %,d bytes"
                    .formatted(shard.getDataset(), shard.getSplit(), shard.getSamples(), shard.getBytes()));
            lines.add("labelled-images/%d from offset %d to %d"
                    .formatted(shard.getSourcePartition(), shard.getFirstOffset(), shard.getLastOffset()));
            lines.add("the first %d tweets between these offsets, those of other data sets and splits included"
                    .formatted(ids.size()));
            return ids;
        }

        private Set<String> ids(String topic, Predicate<ConsumerRecord<byte[], byte[]>> isWanted) {
            Set<String> ids = new LinkedHashSet<>();
            read(topic, Set.of(), read -> {
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
                each(trails, Topics.TWEETS.name(), tweets, Trail::tweet);
                each(trails, Topics.SCORED_TWEETS.name(), scored, Trail::scored);
                each(trails, Topics.LABELLED_IMAGES.name(), labelled, Trail::labelled);
                each(trails, Topics.REJECTIONS.name(), rejections, Trail::rejected);
            }
            return trails.values().stream()
                    .filter(trail -> !trail.isEmpty())
                    .map(Trail::way)
                    .toList();
        }

        private <T extends SpecificRecord> void each(
                Map<String, Trail> trails, String topic, EventReader<T> reader, Told<T> told) {
            read(topic, trails.keySet(), read -> {
                Trail trail = trails.get(key(read));
                if (trail == null) {
                    return;
                }
                switch (reader.read(read.headers(), read.value())) {
                    case Decoded.Event<T>(T event) -> told.accept(trail, event, Position.of(read));
                    case Decoded.Tombstone<T> tombstone
                    when topic.equals(Topics.TWEETS.name()) -> trail.deleted(Position.of(read));
                    case Decoded.Tombstone<T> tombstone -> {}
                    case Decoded.Ended<T> ended -> {}
                    case Decoded.Undecodable<T> undecodable -> {}
                }
            });
        }

        private void read(String topic, Set<String> keys, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
            topics.read(topic, keys, deadline, sink).ifPresent(unread::add);
        }
    }

    /** What a trail does with an event. */
    @FunctionalInterface
    private interface Told<T> {
        void accept(Trail trail, T event, Position position);
    }
}
