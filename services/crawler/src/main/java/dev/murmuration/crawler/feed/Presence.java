package dev.murmuration.crawler.feed;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When a feed that keeps no cursor was last heard, which is all that its position says: milliseconds since the epoch. What was posted while nobody listened may be
 * missing, as far as the network does not send it again.
 */
final class Presence {

    private static final Pattern POSITION = Pattern.compile("\\d{1,15}");

    private final Clock clock;
    private @Nullable Instant heard;

    /** Goes on after this position; an empty one is the beginning, before which nothing is missed. */
    Presence(String feed, String position, Clock clock) {
        if (!position.isEmpty() && !POSITION.matcher(position).matches()) {
            throw new PositionException("the stored cursor '%s' is not of feed %s".formatted(position, feed));
        }
        this.clock = clock;
        this.heard = position.isEmpty() ? null : Instant.ofEpochMilli(Long.parseLong(position));
    }

    /** Something came; returns the position after it. */
    String hear() {
        heard = clock.instant();
        return Long.toString(heard.toEpochMilli());
    }

    /** How long nothing was heard; zero before the first time. */
    Duration away() {
        Duration away = heard == null ? Duration.ZERO : Duration.between(heard, clock.instant());
        return away.isNegative() ? Duration.ZERO : away;
    }

    /** What is missing now that a connection stands which begins this long before now. */
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
