package dev.murmuration.trainer.run;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;

/**
 * Who holds it finds the run between two steps. The thread that learns holds it, but lets go of it while libtorch computes a gradient: so a stop need not wait for
 * the step in progress to take a checkpoint.
 */
public final class StandStill {

    private final ReentrantLock run = new ReentrantLock();
    private final ReentrantLock libtorch = new ReentrantLock(); // Taken by who holds the run; kept by who computes.

    /** Waits until no step is in progress. */
    public void lock() {
        run.lock();
    }

    /** Takes the lock if no step is in progress right now; returns whether it did. */
    public boolean tryLock() {
        return run.tryLock();
    }

    /** Waits at most this long until no step is in progress; returns false on timeout. */
    public boolean tryLock(Duration patience) throws InterruptedException {
        return run.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Releases the lock. */
    public void unlock() {
        run.unlock();
    }

    /**
     * For the thread that learns: others may hold the run during each gradient.
     *
     * @param goOn asked after each step
     * @param stopping whether a step that is over by then is given up
     */
    public Watch watch(Predicate<Step> goOn, BooleanSupplier stopping) {
        return new Watch() {
            @Override
            public boolean goOn(Step made) {
                return goOn.test(made);
            }

            @Override
            public double during(DoubleSupplier gradient) {
                double loss = letting(gradient);
                if (stopping.getAsBoolean()) {
                    throw new CancellationException("the step in progress is given up: the next start makes it again");
                }
                return loss;
            }
        };
    }

    private double letting(DoubleSupplier gradient) {
        libtorch.lock();
        try {
            run.unlock();
            return gradient.getAsDouble();
        } finally {
            libtorch.unlock();
            run.lock();
        }
    }

    /** For who holds the run: whether no gradient is being computed any more, waited for. */
    public boolean awaitGradient(Duration patience) throws InterruptedException {
        if (!libtorch.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        libtorch.unlock();
        return true;
    }
}
