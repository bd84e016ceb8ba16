package dev.murmuration.local.process;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.Arrays;

/**
 * A main class that runs another main class and ends the JVM, shutdown hooks included, when the process that started it is gone. The parent
 * holds the other end of standard input and never writes; when it ends, by kill -9 too, the kernel closes that pipe.
 */
public final class ParentWatchdog {

    /** System property: how long the shutdown hooks may take after the parent has ended, in seconds. */
    static final String GRACE = "watchdog.grace.seconds";

    /** Longer than a program takes to write its cache: if halted before, it would try again at every exit. */
    private static final int USUAL_GRACE = 90;

    private static final int TERMINATED = 143;

    private ParentWatchdog() {}

    /** The first argument is the class whose main method runs, the others are its arguments. */
    public static void main(String[] args) throws Throwable {
        Thread.ofPlatform().daemon().name("parent-watchdog").start(() -> endWithParent(System.in));
        Class<?> program = Class.forName(args[0]);
        MethodHandle main = MethodHandles.publicLookup()
                .findStatic(program, "main", MethodType.methodType(void.class, String[].class));
        main.invokeExact(Arrays.copyOfRange(args, 1, args.length));
    }

    private static void endWithParent(InputStream standardInput) {
        try {
            while (standardInput.read() >= 0) {
                // The parent never writes; if it did, it would still be alive.
            }
        } catch (IOException e) {
            // A broken pipe means the same as the end of input.
        }
        Thread.ofPlatform().daemon().name("shutdown-grace").start(ParentWatchdog::haltAfterGrace);
        System.exit(TERMINATED);
    }

    private static void haltAfterGrace() {
        try {
            Thread.sleep(Duration.ofSeconds(Integer.getInteger(GRACE, USUAL_GRACE)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(TERMINATED);
    }
}
