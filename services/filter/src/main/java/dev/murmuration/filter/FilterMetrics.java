package dev.murmuration.filter;

import dev.murmuration.schemas.Sentiment;
import io.micrometer.core.instrument.MeterRegistry;

/** What the filter counts. A record that is processed again after a crash is counted again; the topics hold each result once. */
record FilterMetrics(MeterRegistry meters) {

    void tweet() {
        meters.counter("murmuration.filter.tweets").increment();
    }

    void undecodable() {
        meters.counter("murmuration.filter.dead.lettered").increment();
    }

    void labelled() {
        photo("labelled");
    }

    void refused(Refusals why) {
        photo(why.reason());
    }

    void redelivered() {
        photo("redelivered");
    }

    void took(String dataSet, Sentiment label) {
        meters.counter("murmuration.filter.dataset.photos", "dataset", dataSet, "label", label.name())
                .increment();
    }

    void deletion() {
        meters.counter("murmuration.filter.deletions").increment();
    }

    private void photo(String outcome) {
        meters.counter("murmuration.filter.photos", "outcome", outcome).increment();
    }
}
