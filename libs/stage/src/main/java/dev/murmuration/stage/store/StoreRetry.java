package dev.murmuration.stage.store;

import dev.murmuration.stage.settings.SettingException;
import java.time.Duration;

/** Retries a request, with growing pauses, until the store answers or {@code s3.timeout} has passed. */
final class StoreRetry {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(5);

    @FunctionalInterface
    interface Request<T> {
        T send() throws Exception;
    }

    private final StoreSettings settings;

    StoreRetry(StoreSettings settings) {
        this.settings = settings;
    }

    /**
     * Returns the first answer to this request.
     *
     * @param what what the request does, for the message
     * @throws StoreUnavailableException with the last failure, when time is up or the thread is interrupted
     * @throws SettingException immediately, if the request throws it
     */
    <T> T call(String what, Request<T> request) {
        long deadline = System.nanoTime() + settings.timeout().toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return request.send();
            } catch (SettingException e) {
                throw e;
            } catch (Exception e) { // Any failure of store or network that lasts until the timeout is an outage.
                if (System.nanoTime() + pause.toNanos() > deadline || wasInterrupted(e)) {
                    throw new StoreUnavailableException(what, settings, e);
                }
                try {
                    Thread.sleep(pause);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new StoreUnavailableException(what, settings, e);
                }
                pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
            }
        }
    }

    // The client wraps the interruption of a thread that waits for it, and clears the thread's flag.
    private static boolean wasInterrupted(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        }
        return Thread.currentThread().isInterrupted();
    }
}
