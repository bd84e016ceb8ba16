package dev.murmuration.crawler.photo;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A circuit breaker for each host: it opens after a number of consecutive refusals and closes again after a pause; the next refusal then
 * reopens it at once. Bounded: beyond the limit, the host whose last refusal is the oldest is dropped. Safe for use by many threads.
 */
final class CircuitBreakers {

    private static final int MAX_HOSTS = 10_000;

    private static final class Breaker {
        int refusals;
        long openUntil;
        boolean isOpen;
    }

    private final int refusals;
    private final long rest;
    private final LongSupplier nanoTime;

    @GuardedBy("this")
    private final Map<String, Breaker> breakers = new LinkedHashMap<>(16, 0.75f, true);

    CircuitBreakers(int refusals, Duration rest, LongSupplier nanoTime) {
        this.refusals = refusals;
        this.rest = rest.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Whether this host must not be contacted now. */
    synchronized boolean isOpen(String host) {
        Breaker breaker = breakers.get(host);
        if (breaker == null || !breaker.isOpen) {
            return false;
        }
        if (breaker.openUntil - nanoTime.getAsLong() > 0) {
            return true;
        }
        breaker.isOpen = false;
        return false;
    }

    /** Records that this host gave a proper answer: a photo, or that there is none. */
    synchronized void answered(String host) {
        breakers.remove(host);
    }

    /** Records a refusal by this host. */
    synchronized void refused(String host) {
        Breaker breaker = breakers.computeIfAbsent(host, unused -> new Breaker());
        breaker.refusals++;
        if (breaker.refusals >= refusals) {
            breaker.isOpen = true;
            breaker.openUntil = nanoTime.getAsLong() + rest;
        }
        if (breakers.size() > MAX_HOSTS) {
            breakers.remove(breakers.keySet().iterator().next());
        }
    }
}
