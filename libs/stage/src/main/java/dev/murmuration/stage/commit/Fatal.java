package dev.murmuration.stage.commit;

import io.quarkus.runtime.Quarkus;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * The crash that is meant: what cannot be mended from inside ends the process, so that whoever supervises it starts it anew from
 * its committed position.
 */
public final class Fatal {

    /** Exit code of a crash that a restart may mend. */
    public static final int EXIT_CODE = 70;

    private static final Logger LOG = Logger.getLogger("murmuration");
    private static final long SECONDS_TO_STOP = 5;
    private static final AtomicBoolean STOPPING = new AtomicBoolean();

    private Fatal() {}

    /** Whether the process is ending: nothing more may be committed, or what failed would be skipped for good. */
    public static boolean isEnding() {
        return STOPPING.get();
    }

    /**
     * Logs one line and ends the process, in an orderly way where that works within 5 s and without it where not. Returns at
     * once; the first call counts.
     *
     * @param what what failed, where, and what to do
     * @param cause why
     */
    public static void exit(String what, Throwable cause) {
        if (!STOPPING.compareAndSet(false, true)) {
            return;
        }
        LOG.fatalf(cause, "%s: stopping, to be started again from the last committed position", what);
        Thread.ofPlatform().daemon().name("fatal").start(() -> {
            try {
                Thread.sleep(SECONDS_TO_STOP * 1000);
            } catch (InterruptedException e) {
                LOG.debug("stopping at once", e);
            }
            Runtime.getRuntime().halt(EXIT_CODE);
        });
        Quarkus.asyncExit(EXIT_CODE);
    }
}
