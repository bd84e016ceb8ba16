package dev.murmuration.local.status;

import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.Shard;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts and newest values of the pipeline's last events. Not safe for use by several threads. */
final class EventTally {

    /**
     * Shards of one data set and split.
     *
     * @param count how many
     * @param samples in them
     */
    record Shards(long count, long samples) {}

    private final Map<String, Map<String, Long>> rejections = new TreeMap<>();
    private final Map<String, Shards> shards = new TreeMap<>();
    private final Map<String, Accuracy> accuracies = new TreeMap<>();
    private final Map<String, Long> deadLetters = new TreeMap<>();
    private long undecodable;
    private @Nullable Checkpoint checkpoint;

    void rejected(Rejection rejection) {
        rejections
                .computeIfAbsent(rejection.getStage(), stage -> new TreeMap<>())
                .merge(rejection.getReason(), 1L, Long::sum);
    }

    void packed(Shard shard) {
        shards.merge(
                shard.getDataset() + "/" + shard.getSplit(),
                new Shards(1, shard.getSamples()),
                (some, more) -> new Shards(some.count() + more.count(), some.samples() + more.samples()));
    }

    void learned(Checkpoint learned) {
        checkpoint = learned;
    }

    void measured(Accuracy accuracy) {
        accuracies.put(accuracy.getBenchmark() + " " + accuracy.getProtocol(), accuracy);
    }

    void deadLettered(String service) {
        deadLetters.merge(service, 1L, Long::sum);
    }

    void undecodable() {
        undecodable++;
    }

    /** By stage, then by reason. */
    Map<String, Map<String, Long>> rejections() {
        return rejections;
    }

    /** By data set and split. */
    Map<String, Shards> shards() {
        return shards;
    }

    /** The last of each benchmark and protocol. */
    Map<String, Accuracy> accuracies() {
        return accuracies;
    }

    Optional<Checkpoint> checkpoint() {
        return Optional.ofNullable(checkpoint);
    }

    /** By service. */
    Map<String, Long> deadLetters() {
        return deadLetters;
    }

    /** Events that could not be decoded. */
    long undecodableCount() {
        return undecodable;
    }
}
