package dev.murmuration.filter.topology;

import dev.murmuration.schemas.Sentiment;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the filter counts. A record that is processed again after a crash is counted again; the topics hold each result once.
 * Counters are looked up once, as a look-up by name and tags takes longer than most of what is counted.
 */
public final class FilterMetrics {

    private final MeterRegistry meters;
    private final Counter tweets;
    private final Counter undecodable;
    private final Counter deletions;
    private final Counter labelled;
    private final Counter redelivered;
    private final Map<RejectionReason, Counter> refused = new EnumMap<>(RejectionReason.class);
    private final Map<String, Map<Sentiment, Counter>> took = new ConcurrentHashMap<>();

    /** Registers the counters. */
    public FilterMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.tweets = meters.counter("murmuration.filter.tweets");
        this.undecodable = meters.counter("murmuration.filter.dead.lettered");
        this.deletions = meters.counter("murmuration.filter.deletions");
        this.labelled = photos("labelled");
        this.redelivered = photos("redelivered");
        Arrays.stream(RejectionReason.values()).forEach(why -> refused.put(why, photos(why.reason())));
    }

    void tweet() {
        tweets.increment();
    }

    void undecodable() {
        undecodable.increment();
    }

    void labelled() {
        labelled.increment();
    }

    void refused(RejectionReason why) {
        Objects.requireNonNull(refused.get(why)).increment();
    }

    void redelivered() {
        redelivered.increment();
    }

    void took(String dataSet, Sentiment label) {
        Map<Sentiment, Counter> counters = took.computeIfAbsent(dataSet, this::ofDataSet);
        Objects.requireNonNull(counters.get(label)).increment();
    }

    void deletion() {
        deletions.increment();
    }

    private Counter photos(String outcome) {
        return meters.counter("murmuration.filter.photos", "outcome", outcome);
    }

    private Map<Sentiment, Counter> ofDataSet(String dataSet) {
        Map<Sentiment, Counter> counters = new EnumMap<>(Sentiment.class);
        for (Sentiment label : Sentiment.values()) {
            counters.put(
                    label,
                    meters.counter("murmuration.filter.dataset.photos", "dataset", dataSet, "label", label.name()));
        }
        return counters;
    }
}
