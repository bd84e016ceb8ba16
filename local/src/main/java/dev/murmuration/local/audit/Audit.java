package dev.murmuration.local.audit;

import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Verifies conservation: every photo of every record is exactly one of labelled, rejected or dead-lettered; every label is in
 * exactly one committed shard of each of its data sets, unless a later refusal of the packer takes it back; every shard is in the
 * object store as its event says.
 *
 * <p>Values in, report out: it reads nothing itself. Records that a stage has not processed yet are in flight and not a difference.
 */
final class Audit {

    /** Consumer groups by the names that the services give themselves. */
    static final String TEACHER = "teacher";

    static final String FILTER = "filter";
    static final String PACKER = "shard-packer";

    /** The stage of the packer's rejections. */
    static final String PACKING = "shards";

    private static final int EXAMPLES = 5;

    private enum Fate {
        LABELLED,
        REJECTED,
        DEAD_LETTERED,
        IN_FLIGHT,
        LOST
    }

    private final AuditTally ledger;
    private final Map<String, ShardContent> contents;
    private final AuditedRange covered;
    private final Map<String, List<String>> differences = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<String, Long> rows = new LinkedHashMap<>();
    private final Map<Fate, Long> fates = new HashMap<>();
    private long photos;
    private long expired;

    private Audit(AuditTally ledger, Map<String, ShardContent> contents, AuditedRange covered) {
        this.ledger = ledger;
        this.contents = contents;
        this.covered = covered;
    }

    /**
     * Compares topics and object store.
     *
     * @param ledger the content of the topics
     * @param contents the objects, by the keys of the shards' events
     * @param covered which offsets the ledger covers
     */
    static Report of(AuditTally ledger, Map<String, ShardContent> contents, AuditedRange covered) {
        return new Audit(ledger, contents, covered).report(true);
    }

    /** As above for a relabelling: it starts with the tweets, so that cursors and rejections of the crawler do not belong to it. */
    static Report ofRelabelling(AuditTally ledger, Map<String, ShardContent> contents, AuditedRange covered) {
        return new Audit(ledger, contents, covered).report(false);
    }

    private Report report(boolean isCrawled) {
        if (isCrawled) {
            records();
        }
        photosOfTweets();
        photosRefusedByCrawler();
        rows.put("photos", photos);
        rows.put("    labelled", fates.getOrDefault(Fate.LABELLED, 0L));
        rows.put("    rejected", fates.getOrDefault(Fate.REJECTED, 0L));
        rows.put("    dead-lettered", fates.getOrDefault(Fate.DEAD_LETTERED, 0L));
        rows.put("    in flight", fates.getOrDefault(Fate.IN_FLIGHT, 0L));
        shards();
        ledger.undecodable()
                .forEach((topic, count) ->
                        difference("records of " + topic + " that are not an event", Integer.toString(count)));
        if (expired > 0) {
            notes.add("%,d photos are older than what every topic still holds and were not judged".formatted(expired));
        }
        List<Difference> found = new ArrayList<>();
        differences.forEach((what, ids) -> found.add(new Difference(
                what, ids.size(), ids.stream().sorted().limit(EXAMPLES).toList())));
        return new Report(photos, rows, found, covered.lines(), notes);
    }

    // ---- records against the cursors ----

    private void records() {
        long read = 0;
        long admitted = 0;
        long rejected = 0;
        long deletions = 0;
        long duplicates = 0;
        long malformed = 0;
        long fetched = 0;
        for (Cursor cursor : ledger.cursors.values()) {
            read += cursor.getRecords();
            admitted += cursor.getAdmitted();
            rejected += cursor.getRejected();
            deletions += cursor.getDeletions();
            duplicates += cursor.getDuplicates();
            malformed += cursor.getMalformed();
            fetched += cursor.getPhotos();
            long parts = cursor.getAdmitted()
                    + cursor.getRejected()
                    + cursor.getDeletions()
                    + cursor.getDuplicates()
                    + cursor.getMalformed();
            expect("records of the feed %s, by its cursor".formatted(cursor.getFeed()), cursor.getRecords(), parts);
        }
        Set<String> sent = new HashSet<>(ledger.tweets.keySet());
        sent.addAll(ledger.deleted);
        rows.put("records read", read);
        rows.put("    admitted", admitted);
        rows.put("    rejected whole", rejected);
        rows.put("    deletions", deletions);
        rows.put("    duplicates", duplicates);
        rows.put("    malformed", malformed);
        expect("tweets admitted, by the cursors and on the topic", admitted, sent.size());
        if (covered.expired(Topics.REJECTIONS.name())
                || covered.expired(Topics.deadLetters("crawler").name())) {
            notes.add("refusals of the crawler have expired: not compared with its cursors");
            return;
        }
        Set<String> refused = new HashSet<>(crawlerRecordRefusals());
        ledger.photoRefusals.forEach((photo, refusals) -> {
            if (by("crawler", refusals) && !sent.contains(photo.tweetId())) {
                refused.add(photo.tweetId());
            }
        });
        expect("records rejected, by the cursors and on the topic", rejected, refused.size());
        expect("malformed records, by the cursors and in the dead letters", malformed, ledger.deadLettersOf("crawler"));
        if (ledger.deleted.stream().allMatch(ledger.tweets::containsKey)) {
            long refusedPhotos = ledger.photoRefusals.values().stream()
                    .filter(refusals -> by("crawler", refusals))
                    .count();
            expect(
                    "photos that reached the fetch, by the cursors and on the topics",
                    fetched,
                    ledger.photoCount() + refusedPhotos);
        } else {
            notes.add("deleted tweets have been compacted away: their photos are not compared with the cursors");
        }
    }

    private Set<String> crawlerRecordRefusals() {
        Set<String> ids = new HashSet<>();
        ledger.recordRefusals.forEach((id, refusals) -> {
            long times =
                    refusals.stream().filter(r -> r.stage().equals("crawler")).count();
            if (times > 0) {
                ids.add(id);
            }
            if (times > 1) {
                difference("records rejected more than once", id);
            }
            if (times > 0 && ledger.tweets.containsKey(id)) {
                difference("records both rejected and admitted", id);
            }
        });
        return ids;
    }

    // ---- photos ----

    private void photosOfTweets() {
        ledger.tweets.forEach((id, tweet) -> {
            for (int index : tweet.photos()) {
                if (tweet.place().timestamp() < covered.oldest()) {
                    expired++;
                } else {
                    photos++;
                    fates.merge(fate(new PhotoId(id, index), tweet), 1L, Long::sum);
                }
            }
        });
        ledger.labels.keySet().stream()
                .filter(photo -> !known(photo) && !ledger.deleted.contains(photo.tweetId()))
                .forEach(photo -> difference("labelled photos that no tweet has", photo.toString()));
    }

    private boolean known(PhotoId photo) {
        AuditTally.TweetEntry tweet = ledger.tweets.get(photo.tweetId());
        return tweet != null && tweet.photos().contains(photo.index());
    }

    private Fate fate(PhotoId photo, AuditTally.TweetEntry tweet) {
        List<AuditTally.Refusal> refusals = new ArrayList<>(ledger.photoRefusals.getOrDefault(photo, List.of()));
        refusals.addAll(ledger.recordRefusals.getOrDefault(photo.tweetId(), List.of()));
        long takenBack =
                refusals.stream().filter(r -> r.stage().equals(PACKING)).count();
        long refused = refusals.size() - takenBack;
        long labelled = ledger.labels.getOrDefault(photo, List.of()).size();
        long dead = deadLettered(photo.tweetId());
        if (labelled + refused + dead > 1) {
            difference(
                    "photos with more than one fate",
                    "%s (labelled %d, rejected %d, dead-lettered %d)".formatted(photo, labelled, refused, dead));
        }
        if (takenBack > 0 && labelled == 0) {
            difference("photos taken back by the packer that were never labelled", photo.toString());
        }
        if (takenBack > 0 || refused > 0) {
            return Fate.REJECTED;
        }
        if (labelled > 0) {
            return Fate.LABELLED;
        }
        if (dead > 0) {
            return Fate.DEAD_LETTERED;
        }
        if (inFlight(photo.tweetId(), tweet)) {
            return Fate.IN_FLIGHT;
        }
        difference("photos lost", photo.toString());
        return Fate.LOST;
    }

    private long deadLettered(String tweetId) {
        return (long) ledger.deadLetters.getOrDefault("teacher", Map.of()).getOrDefault(tweetId, 0)
                + ledger.deadLetters.getOrDefault("filter", Map.of()).getOrDefault(tweetId, 0);
    }

    private boolean inFlight(String tweetId, AuditTally.TweetEntry tweet) {
        if (!covered.passed(TEACHER, Topics.TWEETS.name(), tweet.place())) {
            return true;
        }
        RecordPosition scored = ledger.scored.get(tweetId);
        return scored != null
                && (!covered.passed(FILTER, Topics.SCORED_TWEETS.name(), scored) || covered.undecided() > 0);
    }

    private void photosRefusedByCrawler() {
        ledger.photoRefusals.forEach((photo, refusals) -> {
            long times =
                    refusals.stream().filter(r -> r.stage().equals("crawler")).count();
            if (times == 0) {
                return;
            }
            photos++;
            fates.merge(Fate.REJECTED, 1L, Long::sum);
            if (times > 1) {
                difference("photos rejected more than once by the crawler", photo.toString());
            }
            if (known(photo)) {
                difference("photos both rejected by the crawler and in a tweet", photo.toString());
            }
        });
    }

    // ---- shards ----

    private void shards() {
        Map<String, Map<String, Integer>> packed = packed();
        long pending = 0;
        long samples = 0;
        Map<String, Set<String>> promised = new HashMap<>();
        for (Map.Entry<PhotoId, List<AuditTally.Label>> entry : ledger.labels.entrySet()) {
            String key = entry.getKey().sampleKey();
            boolean takenBack = by(PACKING, ledger.photoRefusals.getOrDefault(entry.getKey(), List.of()))
                    || by(
                            PACKING,
                            ledger.recordRefusals.getOrDefault(entry.getKey().tweetId(), List.of()));
            AuditTally.Label label = entry.getValue().getFirst();
            for (String dataset : label.datasets()) {
                promised.computeIfAbsent(dataset, name -> new HashSet<>()).add(key);
                int times = packed.getOrDefault(dataset, Map.of()).getOrDefault(key, 0);
                String id = entry.getKey() + " of " + dataset;
                if (times > 1) {
                    difference("samples in more than one shard of a data set", id);
                } else if (times == 1 && takenBack) {
                    difference("samples in a shard although the packer took them back", id);
                } else if (times == 0 && !takenBack) {
                    if (covered.passed(PACKER, Topics.LABELLED_IMAGES.name(), label.place())) {
                        difference("labelled photos in no shard", id);
                    } else {
                        pending++;
                    }
                }
                samples += times;
            }
        }
        packed.forEach((dataset, keys) -> keys.keySet().stream()
                .filter(key -> !promised.getOrDefault(dataset, Set.of()).contains(key))
                .forEach(key -> difference("samples in shards without a label", key + " of " + dataset)));
        rows.put("shards", (long) ledger.shards.size());
        rows.put("    samples in shards", samples);
        rows.put("    samples not packed yet", pending);
    }

    /** Sample keys by data set, with how often each occurs, of the shards whose labels have not expired. */
    private Map<String, Map<String, Integer>> packed() {
        Map<String, Map<String, Integer>> packed = new TreeMap<>();
        long unjudged = 0;
        for (Shard shard : ledger.shards) {
            switch (contents.getOrDefault(shard.getKey(), new ShardContent.Missing())) {
                case ShardContent.Missing() -> difference("shards that are not in the object store", shard.getKey());
                case ShardContent.Unreadable(String problem) ->
                    difference("shards that cannot be read", shard.getKey() + " (" + problem + ")");
                case ShardContent.Found found -> {
                    compare(shard, found);
                    if (shard.getFirstOffset()
                            < covered.first(Topics.LABELLED_IMAGES.name(), shard.getSourcePartition())) {
                        unjudged++;
                    } else {
                        Map<String, Integer> keys = packed.computeIfAbsent(shard.getDataset(), name -> new HashMap<>());
                        found.keys().forEach(key -> keys.merge(key, 1, Integer::sum));
                    }
                }
            }
        }
        if (unjudged > 0) {
            notes.add("the labels of %,d shards have expired: their samples were not compared with labels"
                    .formatted(unjudged));
        }
        return packed;
    }

    private void compare(Shard shard, ShardContent.Found found) {
        if (!found.sha256().equals(shard.getSha256()) || found.bytes() != shard.getBytes()) {
            difference("shards whose bytes are not those of their event", shard.getKey());
        }
        Map<Integer, Long> perClass = Map.of(
                0, shard.getPerClass().getNegative(),
                1, shard.getPerClass().getNeutral(),
                2, shard.getPerClass().getPositive());
        boolean sameClasses = perClass.entrySet().stream()
                .allMatch(entry ->
                        found.perClass().getOrDefault(entry.getKey(), 0L).equals(entry.getValue()));
        if (found.keys().size() != shard.getSamples() || !sameClasses) {
            difference("shards whose samples are not those of their event", shard.getKey());
        }
    }

    private static boolean by(String stage, List<AuditTally.Refusal> refusals) {
        return refusals.stream().anyMatch(refusal -> refusal.stage().equals(stage));
    }

    private void expect(String what, long one, long other) {
        if (one != other) {
            difference(what, one + " and " + other);
        }
    }

    private void difference(String what, String example) {
        differences.computeIfAbsent(what, name -> new ArrayList<>()).add(example);
    }
}
