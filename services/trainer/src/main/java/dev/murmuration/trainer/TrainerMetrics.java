package dev.murmuration.trainer;

import dev.murmuration.schemas.Validation;
import dev.murmuration.trainer.data.ShardDecoder;
import dev.murmuration.trainer.run.TrainingStep;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/** What an operator sees of the trainer, as {@code murmuration_trainer_...}. */
@ApplicationScoped
class TrainerMetrics {

    private final MeterRegistry meters;
    private final Counter shards;
    private final Counter fresh;
    private final Counter odd;
    private final Counter redacted;
    private final Counter samples;
    private final Counter checkpoints;
    private final Counter deadLetters;
    private final Counter waited;
    private final Counter lost;
    private final AtomicReference<Double> left;
    private final AtomicReference<Double> loss;
    private final AtomicReference<Double> rate;
    private final AtomicReference<Double> norm;
    private final AtomicReference<Double> step;
    private final AtomicReference<Double> share;
    private final AtomicReference<Double> speed;
    private final AtomicReference<Double> validationLoss;
    private final AtomicReference<Double> validationAccuracy;

    private volatile Optional<LongSupplier> gpuMemory = Optional.empty();

    @Inject
    TrainerMetrics(MeterRegistry meters) {
        this.meters = meters;
        shards = meters.counter("murmuration.trainer.shards");
        fresh = meters.counter("murmuration.trainer.fresh.samples");
        odd = meters.counter("murmuration.trainer.odd.samples");
        redacted = meters.counter("murmuration.trainer.redacted.samples");
        samples = meters.counter("murmuration.trainer.samples");
        checkpoints = meters.counter("murmuration.trainer.checkpoints");
        deadLetters = meters.counter("murmuration.trainer.dead.letters");
        lost = meters.counter("murmuration.trainer.lost.shards");
        waited = meters.counter("murmuration.trainer.data.wait.seconds");
        left = gauge(meters, "murmuration.trainer.samples.left");
        loss = gauge(meters, "murmuration.trainer.loss");
        rate = gauge(meters, "murmuration.trainer.learning.rate");
        norm = gauge(meters, "murmuration.trainer.gradient.norm");
        step = gauge(meters, "murmuration.trainer.step");
        share = gauge(meters, "murmuration.trainer.share.done");
        speed = gauge(meters, "murmuration.trainer.samples.per.second");
        validationLoss = gauge(meters, "murmuration.trainer.validation.loss");
        validationAccuracy = gauge(meters, "murmuration.trainer.validation.accuracy");
    }

    private static AtomicReference<Double> gauge(MeterRegistry meters, String name) {
        AtomicReference<Double> value = new AtomicReference<>(Double.NaN);
        meters.gauge(name, value, AtomicReference::get);
        return value;
    }

    /** A shard was read. */
    void read(ShardDecoder.Contents contents) {
        shards.increment();
        fresh.increment(contents.samples().size());
        odd.increment(contents.odd().size());
        redacted.increment(contents.redacted());
    }

    /** A step was made on so many samples. */
    void stepped(TrainingStep made, int batch) {
        samples.increment(batch);
        loss.set(made.meanLoss());
        rate.set(made.learningRate());
        norm.set(made.norm());
        step.set((double) made.step());
        share.set(made.share());
        left.set((double) made.samplesLeft());
        waited.increment(made.waitedNanos() / 1e9);
    }

    /** The student learns on a GPU: from now on its memory is shown. */
    void watchGpu(LongSupplier bytesInUse) {
        gpuMemory = Optional.of(bytesInUse);
        meters.gauge("murmuration.trainer.gpu.memory.bytes", bytesInUse, LongSupplier::getAsLong);
    }

    /** What tells how many bytes of the GPU are in use; nothing on a CPU. */
    Optional<LongSupplier> gpuMemory() {
        return gpuMemory;
    }

    /** Samples of a second lately. */
    void speed(double samplesPerSecond) {
        speed.set(samplesPerSecond);
    }

    /** A checkpoint is committed. */
    void checkpointed() {
        checkpoints.increment();
    }

    /** The student was measured on the validation shards. */
    void validated(Validation validation) {
        validationLoss.set(validation.getLoss());
        validationAccuracy.set(validation.getAccuracy());
    }

    /** A shard of a data set is missing or damaged. */
    void lost() {
        lost.increment();
    }

    /** A record went to the dead letters. */
    void deadLettered() {
        deadLetters.increment();
    }
}
