package dev.murmuration.trainer;

import dev.murmuration.trainer.run.TrainingListener;
import dev.murmuration.trainer.run.TrainingStep;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Holding this lock guarantees that no step is in progress. The training thread holds it except while libtorch computes a
 * gradient, which changes nothing that a checkpoint contains: so a stop can take a checkpoint without waiting for the step in
 * progress. Lock order: {@code run} before {@code libtorch}; the training thread releases {@code run} while it holds
 * {@code libtorch}.
 */
public final class StepLock {

    private final ReentrantLock run = new ReentrantLock();
    private final ReentrantLock libtorch = new ReentrantLock(); // Held while a gradient is being computed.

    /** Waits until no step is in progress. */
    public void lock() {
        run.lock();
    }

    /** Takes the lock if no step is in progress right now; returns whether it did. */
    public boolean tryLock() {
        return run.tryLock();
    }

    /** Waits at most this long until no step is in progress; returns false on timeout. */
    public boolean tryLock(Duration timeout) throws InterruptedException {
        return run.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Releases the lock. */
    public void unlock() {
        run.unlock();
    }

    /**
     * A listener for the training thread, which releases the lock during each gradient.
     *
     * @param shouldContinue asked after each step
     * @param stopping whether to abandon the step whose gradient has just been computed
     */
    public TrainingListener listener(Predicate<TrainingStep> shouldContinue, BooleanSupplier stopping) {
        return new TrainingListener() {
            @Override
            public boolean shouldContinue(TrainingStep made) {
                return shouldContinue.test(made);
            }

            @Override
            public boolean runsAhead() {
                return true;
            }

            @Override
            public void computing(Runnable gradient) {
                withoutLock(gradient);
                if (stopping.getAsBoolean()) {
                    throw new CancellationException("the step in progress is abandoned; the next start repeats it");
                }
            }
        };
    }

    private void withoutLock(Runnable gradient) {
        libtorch.lock();
        try {
            run.unlock();
            gradient.run();
        } finally {
            libtorch.unlock();
            run.lock();
        }
    }

    /** Waits until no gradient is being computed; returns false on timeout. The caller must hold the lock. */
    public boolean awaitGradient(Duration timeout) throws InterruptedException {
        if (!libtorch.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        libtorch.unlock();
        return true;
    }
}
