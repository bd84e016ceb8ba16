package dev.murmuration.trainer.run;

import dev.murmuration.programs.Torch;
import dev.murmuration.student.StagedBatch;
import dev.murmuration.student.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a run. The losses and the norm of a step are read only after the next one was queued, so that a GPU has work while
 * the host looks at them. Not thread-safe, except that another thread may read everything during {@link TrainingListener#computing}.
 */
final class StepQueue {

    private static final double LOSS_MEMORY = .98;
    private static final double AVERAGE_WARMUP = 10;

    private final Plan plan;
    private final Training training;
    private long step;
    private long samplesSeen;
    private long headSteps;
    private double loss;
    private @Nullable Unread unread;
    private @Nullable TrainingStep made;

    /** Before the first step. */
    StepQueue(Plan plan, Training training) {
        this.plan = plan;
        this.training = training;
    }

    /** As of a checkpoint. */
    StepQueue(Plan plan, Training training, Position position) {
        this(plan, training);
        this.step = position.step();
        this.samplesSeen = position.samplesSeen();
        this.headSteps = position.headSteps();
        this.loss = position.loss();
    }

    /** Updates so far. */
    long step() {
        return step;
    }

    /** Samples so far, repeated ones counted. */
    long samplesSeen() {
        return samplesSeen;
    }

    /** Updates of the head alone. */
    long headSteps() {
        return headSteps;
    }

    /** Moving average of the loss, of all steps but one that was not {@link #settle settled}. */
    double loss() {
        return loss;
    }

    /** What is known of a step before it is computed; the names are those of {@link TrainingStep}. */
    record Outline(
            double learningRate,
            double share,
            boolean finishing,
            long samplesLeft,
            long waitedNanos,
            boolean headOnly) {}

    /** A step whose numbers were not read yet. */
    private record Unread(
            long step,
            long samplesSeen,
            Outline outline,
            List<Double> weights,
            Training.StepNumbers numbers,
            String record) {}

    /**
     * Queues a step, then settles the one before it.
     *
     * @param batch its parts, which are closed as they are used
     * @param record where the run is, for a message
     * @throws DivergedException if the loss or the gradient of the step before was not finite
     */
    void queue(List<StagedBatch> batch, Outline outline, String record, TrainingListener listener) {
        Recipe recipe = plan.recipe();
        boolean headOnly = outline.headOnly() || samplesSeen < recipe.headFirst();
        if (!headOnly && headSteps == step && step > 0) {
            training.restart(); // The moments of the head alone would throw everything else far off.
        }
        int size = batch.stream().mapToInt(StagedBatch::size).sum();
        List<Double> weights = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            if (recipe.noise().dropout() > 0) {
                Torch.seed(Seeds.number(plan.seed(), Seeds.Purpose.DROPOUT, step, i));
            }
            try (StagedBatch part = batch.get(i)) {
                double weight = (double) part.size() / size;
                listener.computing(() -> training.queueGradient(part, weight, recipe.temperature(), headOnly));
                weights.add(weight);
            }
        }
        // A young average follows the weights closely, or it would remember the random ones for a long time.
        double averageDecay = Math.min(recipe.averageDecay(), (1.0 + step) / (AVERAGE_WARMUP + step));
        long stepOfStage = headOnly ? step + 1 : step + 1 - headSteps;
        Training.StepNumbers numbers =
                training.queueUpdate(recipe.optimizer(), outline.learningRate(), stepOfStage, averageDecay);
        settle();
        step++;
        headSteps += headOnly ? 1 : 0;
        samplesSeen += size;
        unread = new Unread(step, samplesSeen, outline, weights, numbers, record);
    }

    /**
     * Reads the numbers of the last step, if they were not. A run that has diverged never settles: it has no position any more.
     *
     * @throws DivergedException if its loss or gradient was not finite
     */
    void settle() {
        Unread last = unread;
        if (last == null) {
            return;
        }
        double batchLoss = 0;
        float[] losses = last.numbers().losses();
        for (int i = 0; i < losses.length; i++) {
            batchLoss += last.weights().get(i) * losses[i];
        }
        double norm = last.numbers().norm();
        Outline outline = last.outline();
        if (!Double.isFinite(batchLoss) || !Double.isFinite(norm)) {
            throw new DivergedException(
                    "run %s has diverged at step %d, %s: loss %s, gradient norm %s at learning rate %s"
                            .formatted(
                                    plan.run(), last.step(), last.record(), batchLoss, norm, outline.learningRate()));
        }
        loss = last.step() == 1 ? batchLoss : LOSS_MEMORY * loss + (1 - LOSS_MEMORY) * batchLoss;
        made = new TrainingStep(
                last.step(),
                last.samplesSeen(),
                batchLoss,
                loss,
                outline.learningRate(),
                norm,
                outline.share(),
                outline.finishing(),
                outline.samplesLeft(),
                outline.waitedNanos());
        unread = null;
    }

    /** Takes the step that was settled, to report it; empty if it was taken already. */
    Optional<TrainingStep> take() {
        Optional<TrainingStep> settled = Optional.ofNullable(made);
        made = null;
        return settled;
    }
}
