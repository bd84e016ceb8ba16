package dev.murmuration.local.process;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A program that starts a {@link Sleeper} as its child and then does nothing, to be killed. */
public final class Starter {

    private Starter() {}

    public static void main(String[] args) throws Exception {
        ChildProcess.start(SupervisorIT.sleeper(Path.of(args[0])), Path.of(args[0], "logs", "sleeper.log"));
        new CountDownLatch(1).await();
    }
}
