package dev.murmuration.local.audit;

import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Tweet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Everything read from the topics so far, by id. Contains no photos or texts: some hundred bytes per photo. Not safe for use by
 * several threads.
 */
public final class AuditTally {

    /** A tweet: its position and the photos that passed the crawler. */
    record TweetEntry(RecordPosition place, List<Integer> photos) {}

    /** A label: its position, its value, and the data sets that took it. */
    record Label(RecordPosition place, Sentiment sentiment, List<String> datasets) {}

    /** A rejection without its detail. */
    record Refusal(String stage, String reason) {}

    final Map<String, TweetEntry> tweets = new HashMap<>();
    final Set<String> deleted = new HashSet<>();
    final Map<String, RecordPosition> scored = new HashMap<>();
    final Map<PhotoId, List<Label>> labels = new HashMap<>();
    final Map<PhotoId, List<Refusal>> photoRefusals = new HashMap<>();
    final Map<String, List<Refusal>> recordRefusals = new HashMap<>();
    final Map<String, Map<String, Integer>> deadLetters = new TreeMap<>();
    final Map<String, Cursor> cursors = new TreeMap<>();
    final List<Shard> shards = new ArrayList<>();
    private final List<Checkpoint> checkpoints = new ArrayList<>();
    private final List<Accuracy> accuracies = new ArrayList<>();
    private final Map<String, Map<String, Long>> rejected = new TreeMap<>();
    private final Map<String, Integer> undecodable = new TreeMap<>();
    private final Map<String, Set<EndOfFeed>> ends = new HashMap<>();
    private final Set<PhotoId> takenBack = new HashSet<>();
    private long photos;
    private long unpackedLabels;

    /** An admitted tweet. */
    public void tweet(Tweet tweet, RecordPosition place) {
        tweets.put(
                tweet.getId(),
                new TweetEntry(
                        place, tweet.getImages().stream().map(Image::getIndex).toList()));
        photos += tweet.getImages().size();
    }

    /** A tweet's deletion by its author, on `tweets`. */
    public void deletion(String tweetId) {
        deleted.add(tweetId);
    }

    /** A tweet that the teacher scored. */
    public void scored(ScoredTweet tweet, RecordPosition place) {
        scored.put(tweet.getTweet().getId(), place);
    }

    /** A photo that data sets took. */
    public void labelled(LabelledImage image, RecordPosition place) {
        labels.computeIfAbsent(new PhotoId(image.getTweetId(), image.getImage().getIndex()), id -> new ArrayList<>(1))
                .add(new Label(place, image.getLabel(), List.copyOf(image.getDatasets())));
        unpackedLabels += image.getDatasets().size();
    }

    /** A rejection: of a photo or, without an index, of a whole record. */
    public void rejected(Rejection rejection) {
        Refusal refusal = new Refusal(rejection.getStage(), rejection.getReason());
        Integer index = rejection.getImageIndex();
        if (index == null) {
            recordRefusals
                    .computeIfAbsent(rejection.getTweetId(), id -> new ArrayList<>(1))
                    .add(refusal);
        } else {
            PhotoId photo = new PhotoId(rejection.getTweetId(), index);
            photoRefusals.computeIfAbsent(photo, id -> new ArrayList<>(1)).add(refusal);
            if (refusal.stage().equals(Audit.PACKING)) {
                takenBack.add(photo);
            }
        }
        rejected.computeIfAbsent(refusal.stage(), stage -> new TreeMap<>()).merge(refusal.reason(), 1L, Long::sum);
    }

    /** A committed shard. */
    public void shard(Shard shard) {
        shards.add(shard);
        unpackedLabels -= shard.getSamples();
    }

    /** A shard that the next one replaces. */
    public void replaced(String key) {
        shards.stream()
                .filter(shard -> shard.getKey().equals(key))
                .mapToLong(Shard::getSamples)
                .forEach(samples -> unpackedLabels += samples);
        shards.removeIf(shard -> shard.getKey().equals(key));
    }

    /** A durable checkpoint. */
    public void checkpoint(Checkpoint checkpoint) {
        checkpoints.add(checkpoint);
    }

    /** A measured checkpoint. */
    public void accuracy(Accuracy accuracy) {
        accuracies.add(accuracy);
    }

    /** The position of a feed; the newest one counts. */
    public void cursor(Cursor cursor) {
        cursors.put(cursor.getFeed(), cursor);
    }

    /** A record that a service could not process, by its key. */
    public void deadLetter(String service, String key) {
        deadLetters.computeIfAbsent(service, name -> new HashMap<>()).merge(key, 1, Integer::sum);
    }

    /** A dead letter of a service was replayed: its outcome is the new one. */
    public void replayed(String service, String key) {
        deadLetters.computeIfAbsent(service, name -> new HashMap<>()).merge(key, -1, Integer::sum);
    }

    /** Bytes on a topic that are not an event. */
    public void undecodable(String topic) {
        undecodable.merge(topic, 1, Integer::sum);
    }

    /** A feed's end on one partition of a topic. */
    public void ended(String topic, EndOfFeed marker) {
        ends.computeIfAbsent(topic, name -> new HashSet<>()).add(marker);
    }

    /** Admitted tweets. */
    public long tweetCount() {
        return tweets.size();
    }

    /** Photos of the admitted tweets. */
    public long photoCount() {
        return photos;
    }

    /** Scored tweets. */
    public long scoredCount() {
        return scored.size();
    }

    /** Photos that at least one data set took. */
    public long labelledCount() {
        return labels.size();
    }

    /** Labelled samples that are not in a shard yet. */
    public long unpackedCount() {
        long neverPacked = takenBack.stream()
                .flatMap(photo -> labels.getOrDefault(photo, List.of()).stream().limit(1))
                .mapToLong(label -> label.datasets().size())
                .sum();
        return unpackedLabels - neverPacked;
    }

    /** Rejections by stage and reason. */
    public Map<String, Map<String, Long>> rejectedByStage() {
        return rejected;
    }

    /** Rejections of one stage. */
    public long rejectedBy(String stage) {
        return rejected.getOrDefault(stage, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Dead letters of all services. */
    public long deadLetterCount() {
        return deadLetters.values().stream()
                .flatMap(keys -> keys.values().stream())
                .mapToLong(Integer::longValue)
                .sum();
    }

    /** Dead letters of one service. */
    public long deadLettersOf(String service) {
        return deadLetters.getOrDefault(service, Map.of()).values().stream()
                .mapToLong(Integer::longValue)
                .sum();
    }

    /** The newest cursors, by feed. */
    public Map<String, Cursor> cursors() {
        return cursors;
    }

    /** Committed shards in the order of their events. */
    public List<Shard> shards() {
        return shards;
    }

    /** Checkpoints in the order of their events. */
    public List<Checkpoint> checkpoints() {
        return checkpoints;
    }

    /** Accuracies in the order of their events. */
    public List<Accuracy> accuracies() {
        return accuracies;
    }

    /** Number of records of each topic that were not an event. */
    public Map<String, Integer> undecodable() {
        return undecodable;
    }

    /** Whether a feed's end was seen on every partition of a topic that it closes. */
    public boolean ended(String topic) {
        Set<EndOfFeed> seen = ends.getOrDefault(topic, Set.of());
        return seen.stream()
                .anyMatch(marker -> seen.stream()
                                .filter(other -> other.feed().equals(marker.feed()) && other.of() == marker.of())
                                .count()
                        == marker.of());
    }
}
