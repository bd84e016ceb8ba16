package dev.murmuration.stage.commit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.jspecify.annotations.Nullable;

/**
 * Distinguishes long work from work that hangs. Not alive if there was no beat for a while although work is in progress or
 * records wait, or if the consumer's polling thread no longer answers. A service makes it a bean with the qualifier
 * {@code @Liveness}.
 */
public final class Heartbeat implements HealthCheck {

    private final String name;
    private final Duration stuckAfter;
    private final Clock clock;
    private volatile Instant last;
    private volatile boolean isBusy;
    private volatile long waiting;
    private volatile @Nullable Instant answered;

    /**
     * At rest.
     *
     * @param name of the check
     * @param stuckAfter not alive after this long without a beat
     */
    public Heartbeat(String name, Duration stuckAfter, Clock clock) {
        this.name = name;
        this.stuckAfter = stuckAfter;
        this.clock = clock;
        this.last = clock.instant();
    }

    /** Records progress. */
    public void beat() {
        last = clock.instant();
        isBusy = true;
    }

    /** Records that there is no work until the next beat. */
    public void rest() {
        last = clock.instant();
        isBusy = false;
    }

    /** Records that the polling thread answers: so many records wait. */
    void waiting(long records) {
        Instant now = clock.instant();
        if (waiting == 0 && !isBusy) {
            last = now;
        }
        waiting = records;
        answered = now;
    }

    @Override
    public HealthCheckResponse call() {
        Instant limit = clock.instant().minus(stuckAfter);
        Instant heard = answered;
        boolean isStuck = (isBusy || waiting > 0) && last.isBefore(limit);
        boolean isSilent = heard != null && heard.isBefore(limit);
        return HealthCheckResponse.named(name)
                .status(!isStuck && !isSilent)
                .withData("busy", isBusy)
                .withData("records waiting", waiting)
                .withData("last progress", last.toString())
                .build();
    }
}
