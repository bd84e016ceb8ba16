package dev.murmuration.trainer;

import dev.murmuration.trainer.run.TrainingStep;
import java.time.Duration;
import java.util.Locale;
import org.jboss.logging.Logger;

/** Tells now and then how a run gets on. */
final class ProgressLog {

    private static final Logger LOG = Logger.getLogger(ProgressLog.class);

    private final String run;
    private final Duration interval;
    private long loggedAt = System.nanoTime();
    private long samplesLogged;
    private long waitedNanos;

    ProgressLog(String run, Duration interval, long samplesSeen) {
        this.run = run;
        this.interval = interval;
        this.samplesLogged = samplesSeen;
    }

    /** A step was made. */
    void stepped(TrainingStep made, TrainerMetrics metrics) {
        waitedNanos += made.waitedNanos();
        long now = System.nanoTime();
        long since = now - loggedAt;
        if (since <= interval.toNanos()) {
            return;
        }
        double speed = (made.samplesSeen() - samplesLogged) * 1e9 / since;
        metrics.speed(speed);
        String memory = metrics.gpuMemory()
                .map(inUse -> String.format(Locale.ROOT, ", %,d MiB of the GPU in use", inUse.getAsLong() >> 20))
                .orElse("");
        LOG.info(line(run, made, speed, (double) waitedNanos / since) + memory);
        loggedAt = now;
        samplesLogged = made.samplesSeen();
        waitedNanos = 0;
    }

    static String line(String run, TrainingStep made, double speed, double waiting) {
        return String.format(
                Locale.ROOT,
                "%s: step %d, %d samples, loss %.4f, learning rate %.2e, gradient norm %.2f, %.0f samples/s, %.0f %% of the time waiting for data, "
                        + "%.0f %% of %s, %s left",
                run,
                made.step(),
                made.samplesSeen(),
                made.meanLoss(),
                made.learningRate(),
                made.norm(),
                speed,
                100 * waiting,
                100 * made.share(),
                made.finishing() ? "the budget" : "the shard",
                left(made.samplesLeft(), speed));
    }

    private static String left(long samples, double speed) {
        if (!(speed > 0)) {
            return "unknown time";
        }
        Duration left = Duration.ofSeconds(Math.round(samples / speed));
        return left.toHours() > 0
                ? "%d h %d min".formatted(left.toHours(), left.toMinutesPart())
                : "%d min %d s".formatted(left.toMinutes(), left.toSecondsPart());
    }
}
