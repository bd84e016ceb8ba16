package dev.murmuration.crawler.feed.live;

import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.PositionException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Up to which moment a feed that keeps no cursor was heard, which is all that its position says: milliseconds since the epoch.
 * Posts after it that were published while nobody listened may be missing, unless the network sends them again. A post counts by
 * its own time, not by the time at which it is read: a reader that lags has not heard what still waits for it.
 */
final class ResumePoint {

    private static final Pattern POSITION = Pattern.compile("\\d{1,15}");

    private final Clock clock;
    private @Nullable Instant heard;

    /** Goes on after this position; an empty one is the beginning, before which nothing is missed. */
    ResumePoint(String feed, String position, Clock clock) {
        if (!position.isEmpty() && !POSITION.matcher(position).matches()) {
            throw new PositionException("the stored cursor '%s' is not from feed %s".formatted(position, feed));
        }
        this.clock = clock;
        this.heard =
                position.isEmpty() ? null : earlier(Instant.ofEpochMilli(Long.parseLong(position)), clock.instant());
    }

    /** Something came that has no time of its own; returns the position after it. */
    String hear() {
        return hear(Instant.MAX);
    }

    /**
     * Something came that was posted then; returns the position after it, which never goes back.
     *
     * @param posted by a clock that may be wrong: no later than now is believed
     */
    String hear(Instant posted) {
        Instant now = clock.instant();
        Instant until = earlier(posted, now);
        Instant latest = heard == null || heard.isBefore(until) ? until : heard;
        heard = latest;
        return Long.toString(latest.toEpochMilli());
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** How long nothing was heard; zero before the first time. */
    Duration away() {
        Duration away = heard == null ? Duration.ZERO : Duration.between(heard, clock.instant());
        return away.isNegative() ? Duration.ZERO : away;
    }

    /** Returns the gap that remains when a connection replays from this long before now. */
    Optional<Delivery.Gap> gap(Duration backfilled) {
        Instant from = heard;
        String position = hear();
        if (from == null) {
            return Optional.empty();
        }
        Instant to = clock.instant().minus(backfilled);
        return from.isBefore(to) ? Optional.of(new Delivery.Gap(from, to, position)) : Optional.empty();
    }
}
