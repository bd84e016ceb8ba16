package dev.murmuration.console.rejection;

import dev.murmuration.console.topic.EventListener;
import dev.murmuration.console.topic.Position;
import dev.murmuration.schemas.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rejections by stage and reason: how many, when, and the newest of each. Safe for use by several threads. */
public final class RejectionLog implements EventListener<Rejection> {

    /** Reasons that are told apart; the code has some twenty, and further ones count as {@code other}. */
    public static final int MAX_REASONS = 100;

    /** Rejections of one reason that are kept. */
    public static final int MAX_NEWEST = 200;

    private static final int BUCKETS = 288;
    private static final Duration BUCKET = Duration.ofMinutes(5);

    /**
     * Who refused and why.
     *
     * @param stage the stage
     * @param reason its word for it
     */
    public record Reason(String stage, String reason) implements Comparable<Reason> {
        @Override
        public int compareTo(Reason other) {
            int byStage = stage.compareTo(other.stage);
            return byStage == 0 ? reason.compareTo(other.reason) : byStage;
        }
    }

    /**
     * How often something was refused for a reason.
     *
     * @param stage the stage
     * @param reason its word for it
     * @param count of all that were read
     * @param overTime in steps of 5 min by the first second of each, the last day at most
     */
    public record Count(String stage, String reason, long count, Map<Long, Long> overTime) {}

    /**
     * One rejection.
     *
     * @param tweetId whose
     * @param imageIndex which photo of it; -1 for the whole record
     * @param detail for a person
     * @param at when
     * @param partition of {@code rejections}
     * @param offset there
     */
    public record Refused(String tweetId, int imageIndex, String detail, Instant at, int partition, long offset) {}

    private static final class Kept {
        private long count;
        private final TreeMap<Long, Long> overTime = new TreeMap<>();
        private final Deque<Refused> newest = new ArrayDeque<>();
    }

    private final Map<Reason, Kept> reasons = new TreeMap<>();
    private long total;

    @Override
    public synchronized void event(Rejection rejection, Position position) {
        total++;
        Reason reason = new Reason(rejection.getStage(), rejection.getReason());
        if (!reasons.containsKey(reason) && reasons.size() >= MAX_REASONS) {
            reason = new Reason(rejection.getStage(), "other");
        }
        Kept kept = reasons.computeIfAbsent(reason, fresh -> new Kept());
        kept.count++;
        long bucket = rejection.getAt().getEpochSecond() / BUCKET.toSeconds() * BUCKET.toSeconds();
        kept.overTime.merge(bucket, 1L, Long::sum);
        if (kept.overTime.size() > BUCKETS) {
            kept.overTime.pollFirstEntry();
        }
        Integer index = rejection.getImageIndex();
        kept.newest.addFirst(new Refused(
                rejection.getTweetId(),
                index == null ? -1 : index,
                rejection.getDetail(),
                rejection.getAt(),
                position.partition(),
                position.offset()));
        if (kept.newest.size() > MAX_NEWEST) {
            kept.newest.removeLast();
        }
    }

    /** All reasons, by stage and name. */
    public synchronized List<Count> counts() {
        return reasons.entrySet().stream()
                .map(entry -> new Count(
                        entry.getKey().stage(),
                        entry.getKey().reason(),
                        entry.getValue().count,
                        new TreeMap<>(entry.getValue().overTime)))
                .toList();
    }

    /** Up to {@code most} rejections of a stage for a reason, newest first. */
    public synchronized List<Refused> newest(String stage, String reason, int most) {
        Kept kept = reasons.get(new Reason(stage, reason));
        return kept == null ? List.of() : kept.newest.stream().limit(most).toList();
    }

    /** Rejections that were read. */
    public synchronized long total() {
        return total;
    }
}
