package dev.murmuration.filter.version;

import dev.murmuration.schemas.PerClass;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Split;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A data set at one moment.
 *
 * @param number the offset after its last event
 * @param entries its shards, in the order of their first events
 */
public record Version(String dataset, long number, List<Manifest.Entry> entries) {

    /** Its shards, in the order of their first events. */
    public Stream<Shard> shards() {
        return entries.stream().map(Manifest.Entry::shard);
    }

    /** Total size of its shards. */
    public long bytes() {
        return shards().mapToLong(Shard::getBytes).sum();
    }

    /** Number of samples. */
    public long samples() {
        return shards().mapToLong(Shard::getSamples).sum();
    }

    /** Samples of a class, in one split or, with an empty one, in all. */
    public long samples(Sentiment label, Optional<Split> split) {
        Predicate<Shard> isWanted = shard -> split.isEmpty() || split.get() == shard.getSplit();
        return shards().filter(isWanted)
                .mapToLong(shard -> of(shard.getPerClass(), label))
                .sum();
    }

    /** The class with the fewest samples, if another has more: under balance the others wait for it. */
    public Optional<Sentiment> scarcest() {
        Sentiment scarcest = Sentiment.negative;
        long most = 0;
        for (Sentiment label : Sentiment.values()) {
            long samples = samples(label, Optional.empty());
            most = Math.max(most, samples);
            if (samples < samples(scarcest, Optional.empty())) {
                scarcest = label;
            }
        }
        return samples(scarcest, Optional.empty()) < most ? Optional.of(scarcest) : Optional.empty();
    }

    /** The count of one class. */
    public static long of(PerClass counts, Sentiment label) {
        return switch (label) {
            case negative -> counts.getNegative();
            case neutral -> counts.getNeutral();
            case positive -> counts.getPositive();
        };
    }
}
