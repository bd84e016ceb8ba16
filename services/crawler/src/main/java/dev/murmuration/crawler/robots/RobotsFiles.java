package dev.murmuration.crawler.robots;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The robots.txt of every site that photos are fetched from, each kept for a time, by the rules of RFC 9309: a site without one
 * allows everything; one whose file cannot be read allows nothing, or what its last file said, until it has been so for long.
 * Bounded in sites and bytes; the sites that were asked about longest ago are forgotten first. Safe for use by many threads.
 */
public final class RobotsFiles {

    /** Bytes of a file that are read at least, by RFC 9309; what follows is ignored. */
    public static final int MAX_BYTES = 500 << 10;

    private static final int MAX_SITES = 10_000;
    private static final long MAX_BYTES_IN_ALL = 32L << 20;

    /**
     * When files are read again.
     *
     * @param maxAge of a file that was read
     * @param retryAfter pause after a file could not be read
     * @param unreachableFor how long a site whose file cannot be read allows nothing; then it counts as one that has none
     */
    public record Limits(Duration maxAge, Duration retryAfter, Duration unreachableFor) {

        /** As the settings have it without being set. */
        public static Limits standard() {
            return new Limits(Duration.ofHours(24), Duration.ofMinutes(10), Duration.ofDays(30));
        }
    }

    /** The outcome of a request for a robots.txt. */
    public sealed interface Response {
        /** The file, or its first {@link #MAX_BYTES}. */
        @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
        record Found(byte[] content) implements Response {}

        /** The site has none: a status from 400 to 499. */
        record None() implements Response {}

        /** Nobody knows whether the site has one: a status from 500 on, a failed connection, too many redirects. */
        record Unreachable() implements Response {}
    }

    /** Requests the robots.txt of a site. */
    @FunctionalInterface
    public interface Source {
        /** The response of the site with this origin, such as {@code https://cdn.bsky.app:443}. */
        Response get(String origin) throws InterruptedException;
    }

    private static final class Site {
        final ReentrantLock lock = new ReentrantLock();

        @Nullable
        RobotsFile file;

        boolean hasNone;

        @Nullable
        Instant until;

        @Nullable
        Instant unreachableSince;

        int bytes;
    }

    private final Source source;
    private final String agent;
    private final List<String> labels;
    private final Limits limits;
    private final Clock clock;

    @GuardedBy("this")
    private final Map<String, Site> sites = new LinkedHashMap<>(16, 0.75f, true);

    @GuardedBy("this")
    private long bytes;

    /**
     * Knows no site yet.
     *
     * @param agent our name
     * @param labels of {@link ContentUsage#disallows}
     */
    public RobotsFiles(Source source, String agent, List<String> labels, Limits limits, Clock clock) {
        this.source = source;
        this.agent = agent;
        this.labels = List.copyOf(labels);
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * What a site says about one of its addresses; requests its robots.txt if that is not known or too old.
     *
     * @param path from the first slash on, encoded, with its query
     */
    public RobotsAnswer answer(String origin, String path) throws InterruptedException {
        Site site = site(origin);
        // Of all who wait for the same file one requests it.
        site.lock.lockInterruptibly();
        try {
            Instant now = clock.instant();
            if (site.until == null || !now.isBefore(site.until)) {
                refresh(origin, site, now);
            }
            if (site.file != null) {
                return site.file.answer(path);
            }
            return site.hasNone ? RobotsAnswer.ALLOWED : RobotsAnswer.UNREACHABLE;
        } finally {
            site.lock.unlock();
        }
    }

    private void refresh(String origin, Site site, Instant now) throws InterruptedException {
        switch (source.get(origin)) {
            case Response.Found(byte[] content) -> {
                known(site, RobotsFile.parse(content, agent, labels), now);
                weigh(site, content.length);
            }
            case Response.None none -> {
                known(site, null, now);
                weigh(site, 0);
            }
            case Response.Unreachable unreachable -> {
                if (site.unreachableSince == null) {
                    site.unreachableSince = now;
                }
                if (!now.isBefore(site.unreachableSince.plus(limits.unreachableFor()))) {
                    site.file = null;
                    site.hasNone = true;
                }
                site.until = now.plus(limits.retryAfter());
            }
        }
    }

    private void known(Site site, @Nullable RobotsFile file, Instant now) {
        site.file = file;
        site.hasNone = file == null;
        site.unreachableSince = null;
        site.until = now.plus(limits.maxAge());
    }

    private synchronized Site site(String origin) {
        Site site = sites.computeIfAbsent(origin, unused -> new Site());
        shrink(site);
        return site;
    }

    private synchronized void weigh(Site site, int length) {
        // One that was forgotten meanwhile is nobody's weight.
        if (sites.containsValue(site)) {
            bytes += length - site.bytes;
            site.bytes = length;
            shrink(site);
        }
    }

    private synchronized void shrink(Site kept) {
        Iterator<Site> oldestFirst = sites.values().iterator();
        while ((sites.size() > MAX_SITES || bytes > MAX_BYTES_IN_ALL) && oldestFirst.hasNext()) {
            Site site = oldestFirst.next();
            if (site != kept) {
                bytes -= site.bytes;
                oldestFirst.remove();
            }
        }
    }

    synchronized int sites() {
        return sites.size();
    }
}
