package dev.murmuration.evaluator;

import dev.murmuration.schemas.Accuracy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Metrics of the evaluator, {@code murmuration_evaluator_...}. */
@ApplicationScoped
class EvaluatorMetrics {

    private final MeterRegistry meters;
    private final Counter photos;
    private final Counter measured;
    private final Counter deadLetters;
    private final Timer examinations;
    private final Map<Tags, AtomicReference<Double>> gauges = new ConcurrentHashMap<>();

    @Inject
    EvaluatorMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.photos = meters.counter("murmuration.evaluator.photos");
        this.measured = meters.counter("murmuration.evaluator.checkpoints");
        this.deadLetters = meters.counter("murmuration.evaluator.dead.letters");
        this.examinations = meters.timer("murmuration.evaluator.examinations");
    }

    /** Counts photos of a benchmark that were shown or unreadable. */
    void advanced(int more) {
        photos.increment(more);
    }

    /** Counts a measured checkpoint. */
    void examined(CheckpointEvaluator.Verdict verdict, long nanoseconds) {
        examinations.record(nanoseconds, TimeUnit.NANOSECONDS);
        if (verdict instanceof CheckpointEvaluator.Verdict.Measured(var accuracies, Map<String, Integer> odd)) {
            measured.increment();
            for (Accuracy accuracy : accuracies) {
                Tags tags = Tags.of("benchmark", accuracy.getBenchmark(), "protocol", accuracy.getProtocol());
                set("murmuration.evaluator.accuracy", tags, accuracy.getAccuracy());
            }
            odd.forEach((benchmark, count) ->
                    set("murmuration.evaluator.odd.photos", Tags.of("benchmark", benchmark), count));
        }
    }

    /** Counts a record that went to the dead letters. */
    void deadLettered() {
        deadLetters.increment();
    }

    private void set(String name, Tags tags, double value) {
        gauges.computeIfAbsent(tags.and("gauge", name), key -> {
                    AtomicReference<Double> held = new AtomicReference<>(value);
                    meters.gauge(name, tags, held, AtomicReference::get);
                    return held;
                })
                .set(value);
    }
}
