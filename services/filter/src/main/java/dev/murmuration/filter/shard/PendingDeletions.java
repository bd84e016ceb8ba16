package dev.murmuration.filter.shard;

import dev.murmuration.shard.Redactions;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * How long the oldest deletion has been waiting for {@code redact}, which takes its samples out of sealed shards and deletes its
 * photos. Until then only readers of shards that look at the list of redactions follow it.
 */
final class PendingDeletions {

    private static final Logger LOG = Logger.getLogger(PendingDeletions.class);

    private final ObjectStore store;
    private final Clock clock;
    private volatile double seconds = Double.NaN;

    PendingDeletions(ObjectStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Looks into the store; while it cannot, the age is not a number. */
    void look() {
        try {
            seconds = age(store.list(Redactions.PREFIX), followed(), clock.instant())
                            .toMillis()
                    / 1e3;
        } catch (RuntimeException e) {
            LOG.debug("the redactions cannot be listed", e);
            seconds = Double.NaN;
        }
    }

    /** The age in seconds, 0 if none waits; not a number before the first look. */
    double seconds() {
        return seconds;
    }

    private Optional<Instant> followed() {
        if (store.get(Redactions.FOLLOWED) instanceof Fetched.Found<byte[]>(byte[] content)) {
            try {
                return Optional.of(Instant.parse(new String(content, StandardCharsets.US_ASCII).strip()));
            } catch (DateTimeParseException e) {
                LOG.warnf("%s is not a time: all deletions count as waiting", Redactions.FOLLOWED);
            }
        }
        return Optional.empty();
    }

    /**
     * The age of the oldest redaction that the last run of {@code redact} did not see.
     *
     * @param redactions all of them
     * @param followed the time of the newest one that it saw, by the store's clock; empty if it never ran
     */
    static Duration age(List<StoredObject> redactions, Optional<Instant> followed, Instant now) {
        return redactions.stream()
                .map(StoredObject::modified)
                .filter(modified -> followed.isEmpty() || modified.isAfter(followed.get()))
                .min(Instant::compareTo)
                .map(oldest -> Duration.between(oldest, now))
                .filter(age -> !age.isNegative())
                .orElse(Duration.ZERO);
    }
}
