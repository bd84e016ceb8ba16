package dev.murmuration.crawler;

import dev.murmuration.crawler.feed.Oddities;
import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.Image;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/**
 * Counts what was committed. The numbers of a feed go on over restarts, because its cursor does; those of reasons and bytes are
 * of this process.
 */
final class CrawlMeters implements Outlet {

    private static final double MILLIS_PER_SECOND = 1e3;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9.#_-]{1,64}");
    private static final int MAX_NAMES = 50;

    private final MeterRegistry registry;
    private final Outlet outlet;
    private volatile Cursor cursor;

    /** Commits to this outlet and counts what came through. */
    CrawlMeters(MeterRegistry registry, Cursor from, Outlet outlet) {
        this.registry = registry;
        this.cursor = from;
        this.outlet = outlet;
        records("admitted", Cursor::getAdmitted);
        records("rejected", Cursor::getRejected);
        records("deletions", Cursor::getDeletions);
        records("duplicates", Cursor::getDuplicates);
        records("malformed", Cursor::getMalformed);
        count("murmuration.crawler.photos", Cursor::getPhotos);
        count("murmuration.crawler.gaps", Cursor::getGaps);
        count("murmuration.crawler.gap.seconds", now -> now.getGapMillis() / MILLIS_PER_SECOND);
        registry.gauge("murmuration.crawler.position.records", this, meters -> meters.cursor.getRecords());
        registry.gauge("murmuration.crawler.ended", this, meters -> meters.cursor.getEnded() ? 1 : 0);
        registry.counter("murmuration.crawler.bytes");
    }

    /** Counts what feeds pass over or mend, by kind and, for the first few, by the stranger's own word for it. */
    static Oddities oddities(MeterRegistry registry) {
        Set<String> names = ConcurrentHashMap.newKeySet();
        return (kind, detail) -> {
            if (names.size() < MAX_NAMES && NAME.matcher(detail).matches()) {
                names.add(detail);
            }
            String name = detail.isEmpty() || names.contains(detail) ? detail : "other";
            registry.counter("murmuration.crawler.oddities", "kind", kind.wireName(), "detail", name)
                    .increment();
        };
    }

    private void records(String outcome, ToDoubleFunction<Cursor> count) {
        FunctionCounter.builder("murmuration.crawler.records", this, meters -> count.applyAsDouble(meters.cursor))
                .tag("outcome", outcome)
                .register(registry);
    }

    private void count(String name, ToDoubleFunction<Cursor> count) {
        FunctionCounter.builder(name, this, meters -> count.applyAsDouble(meters.cursor))
                .register(registry);
    }

    @Override
    public void commit(List<Outgoing> outgoing, Cursor now) {
        outlet.commit(outgoing, now);
        cursor = now;
        for (Outgoing each : outgoing) {
            switch (each) {
                case Outgoing.Tweet(var tweet) ->
                    registry.counter("murmuration.crawler.bytes")
                            .increment(tweet.getImages().stream()
                                    .mapToDouble(Image::getBytes)
                                    .sum());
                case Outgoing.Rejection(var rejection) ->
                    registry.counter("murmuration.crawler.rejections", "reason", rejection.getReason())
                            .increment();
                case Outgoing.Tombstone tombstone ->
                    registry.counter("murmuration.crawler.tombstones").increment();
                case Outgoing.Declared declared ->
                    registry.counter("murmuration.crawler.declarations").increment();
                case Outgoing.DeadLetter letter ->
                    registry.counter("murmuration.crawler.dead.letters").increment();
                case Outgoing.End end -> {}
            }
        }
    }
}
