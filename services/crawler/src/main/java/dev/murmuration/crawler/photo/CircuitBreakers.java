package dev.murmuration.crawler.photo;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A circuit breaker for each host: it opens when the host refuses so many times in a row, and lets through again after a while; the next refusal then opens it at
 * once. Bounded: of hosts beyond the limit, the one that was longest without a refusal is forgotten. Safe for use by many threads.
 */
final class CircuitBreakers {

    private static final int MOST_HOSTS = 10_000;

    private static final class Breaker {
        int refusals;
        long openUntil;
        boolean isOpen;
    }

    private final int refusals;
    private final long rest;
    private final LongSupplier nanoTime;
    private final Map<String, Breaker> breakers = new LinkedHashMap<>(16, 0.75f, true);

    CircuitBreakers(int refusals, Duration rest, LongSupplier nanoTime) {
        this.refusals = refusals;
        this.rest = rest.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Whether this host is to be left alone now. */
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

    /** This host gave an answer of its own: a photo, or that there is none. */
    synchronized void answered(String host) {
        breakers.remove(host);
    }

    /** This host refused. */
    synchronized void refused(String host) {
        Breaker breaker = breakers.computeIfAbsent(host, unused -> new Breaker());
        breaker.refusals++;
        if (breaker.refusals >= refusals) {
            breaker.isOpen = true;
            breaker.openUntil = nanoTime.getAsLong() + rest;
        }
        if (breakers.size() > MOST_HOSTS) {
            breakers.remove(breakers.keySet().iterator().next());
        }
    }
}
