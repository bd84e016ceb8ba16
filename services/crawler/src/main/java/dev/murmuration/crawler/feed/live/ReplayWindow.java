package dev.murmuration.crawler.feed.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.murmuration.crawler.feed.PositionException;
import dev.murmuration.schemas.Sha256;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The newest time of a stream whose events are nearly in order, and which events of the last moments came already: a stream that
 * begins again a little earlier is then read on exactly. Its position is {@code <microseconds>:<48 bits of the hash of each>}.
 */
final class ReplayWindow {

    // Positions of 19 digits were once written, from an impossible time.
    private static final Pattern POSITION = Pattern.compile("(\\d{1,19}):((?:[A-Za-z0-9_-]{8})*)");
    private static final int HASH_BYTES = 6;
    private static final int HASH_LETTERS = 8;
    private static final int MAX_EVENTS = 20_000;

    private record Seen(String hash, long micros) {}

    private final long reach;
    private final Set<String> seen = new LinkedHashSet<>();
    private final PriorityQueue<Seen> oldestFirst = new PriorityQueue<>((a, b) -> Long.compare(a.micros(), b.micros()));
    private long newest;

    private ReplayWindow(long reach) {
        this.reach = reach;
    }

    /**
     * Restores the window of this position; empty at the start.
     *
     * @param reach how long events are remembered, in microseconds
     * @param now microseconds since the epoch; a position is never ahead of it
     */
    static ReplayWindow at(String position, long reach, long now) {
        ReplayWindow window = new ReplayWindow(reach);
        if (position.isEmpty()) {
            return window;
        }
        Matcher matcher = POSITION.matcher(position);
        if (!matcher.matches()) {
            throw new PositionException("the stored cursor '%s' is not from feed bluesky".formatted(position));
        }
        window.newest =
                new BigInteger(matcher.group(1)).min(BigInteger.valueOf(now)).longValueExact();
        String hashes = matcher.group(2);
        for (int at = 0; at < hashes.length(); at += HASH_LETTERS) {
            window.remember(hashes.substring(at, at + HASH_LETTERS), window.newest);
        }
        return window;
    }

    /**
     * Remembers this event; returns false if it was remembered before.
     *
     * @param micros its time, no later than now
     */
    boolean add(String identity, long micros) {
        newest = Math.max(newest, micros);
        boolean isNew = remember(hash(identity.getBytes(UTF_8)), micros);
        while (!oldestFirst.isEmpty()
                && (oldestFirst.peek().micros() < newest - reach || oldestFirst.size() > MAX_EVENTS)) {
            seen.remove(oldestFirst.remove().hash());
        }
        return isNew;
    }

    /** As above for an event without a plausible time. */
    boolean addUntimed(String identity) {
        return add(identity, newest);
    }

    /** As above for unreadable bytes. */
    boolean addUntimed(byte[] bytes) {
        return add(hash(bytes), newest);
    }

    /** Where a new connection has to start, inclusive; empty before the first event. */
    OptionalLong from() {
        return newest == 0 ? OptionalLong.empty() : OptionalLong.of(Math.max(1, newest - reach));
    }

    /** The newest event's time. */
    Optional<Instant> newest() {
        return newest == 0 ? Optional.empty() : Optional.of(Instant.EPOCH.plus(newest, ChronoUnit.MICROS));
    }

    /** No event from before this time is expected any more. */
    void skipTo(Instant time) {
        newest = Math.max(newest, ChronoUnit.MICROS.between(Instant.EPOCH, time));
    }

    String position() {
        StringBuilder position = new StringBuilder(20 + HASH_LETTERS * seen.size())
                .append(newest)
                .append(':');
        seen.forEach(position::append);
        return position.toString();
    }

    private boolean remember(String hash, long micros) {
        boolean isNew = seen.add(hash);
        if (isNew) {
            oldestFirst.add(new Seen(hash, micros));
        }
        return isNew;
    }

    private static String hash(byte[] bytes) {
        byte[] hash = Arrays.copyOf(Sha256.of(bytes), HASH_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }
}
