package dev.murmuration.console;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Counts the changes of each view, which tells a page when to reload its content. Thread-safe. */
@ApplicationScoped
public class Changes {

    /** Rates, lag, health. */
    public static final String PIPELINE = "pipeline";
    /** Labelled photos. */
    public static final String WALL = "wall";
    /** Rejections and dead letters. */
    public static final String REJECTIONS = "rejections";
    /** Scores and shards. */
    public static final String DATASETS = "datasets";
    /** Checkpoints and accuracies. */
    public static final String RUNS = "runs";

    private final Map<String, AtomicLong> counts = List.of(PIPELINE, WALL, REJECTIONS, DATASETS, RUNS).stream()
            .collect(Collectors.toUnmodifiableMap(view -> view, view -> new AtomicLong()));

    /** Something changed in this view. */
    public void of(String view) {
        AtomicLong count = counts.get(view);
        if (count == null) {
            throw new IllegalArgumentException("no view " + view);
        }
        count.incrementAndGet();
    }

    /** How often each view has changed. */
    public Map<String, Long> counts() {
        return counts.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().get()));
    }
}
