package dev.murmuration.console.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The lag of one partition over time, at most one point per interval. Not safe for use by several threads. */
public final class LagSeries {

    /**
     * A lag at one moment.
     *
     * @param epochSecond when
     * @param records how many records wait
     * @param seconds how long the first of them has waited
     */
    public record Point(long epochSecond, long records, float seconds) {}

    private final Duration interval;
    private final int capacity;
    private final Deque<Point> points = new ArrayDeque<>();

    /** Keeps {@code length / interval} points. */
    public LagSeries(Duration length, Duration interval) {
        this.interval = interval;
        this.capacity = Math.toIntExact(length.dividedBy(interval));
    }

    /** Takes a lag; of several within an interval the largest stays, so that no peak is lost. */
    public void add(Instant at, long records, Duration age) {
        long slot = at.getEpochSecond() / interval.toSeconds() * interval.toSeconds();
        Point point = new Point(slot, records, age.toMillis() / 1000f);
        if (!points.isEmpty() && points.getLast().epochSecond() == slot) {
            Point before = points.removeLast();
            point = new Point(
                    slot, Math.max(before.records(), point.records()), Math.max(before.seconds(), point.seconds()));
        }
        points.addLast(point);
        if (points.size() > capacity) {
            points.removeFirst();
        }
    }

    /** The points, oldest first. */
    public List<Point> points() {
        return new ArrayList<>(points);
    }
}
