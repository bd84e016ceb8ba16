package dev.murmuration.filter.lineage;

import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import java.time.Instant;
import java.util.List;

/** Events at the end of the pipeline, for tests of lineage and erasure. */
public final class LineageEvents {

    private LineageEvents() {}

    /** A checkpoint of the run {@code run}; lineage and settings are left to the test. */
    public static Checkpoint.Builder checkpoint(String dataset, long step, String key, String sha256) {
        return Checkpoint.newBuilder()
                .setRun("run")
                .setArchitecture("vit")
                .setRecipe("distil")
                .setStep(step)
                .setSamplesSeen(step)
                .setKey(key)
                .setSha256(sha256)
                .setDataset(dataset)
                .setShardOffsets(List.of())
                .setTrainLoss(1)
                .setCreatedAt(Instant.EPOCH);
    }

    /** A checkpoint's accuracy on the benchmark {@code sim}. */
    public static Accuracy accuracy(Checkpoint checkpoint) {
        return Accuracy.newBuilder()
                .setCheckpoint(checkpoint)
                .setBenchmark("sim")
                .setBenchmarkSha256("b")
                .setProtocol("three-way")
                .setSamples(10)
                .setAccuracy(.5)
                .setLow95(.4)
                .setHigh95(.6)
                .setMacroF1(.5)
                .setPerClass(List.of())
                .setConfusion(List.of())
                .setCreatedAt(Instant.EPOCH)
                .build();
    }
}
