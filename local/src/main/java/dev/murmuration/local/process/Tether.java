package dev.murmuration.local.process;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.Arrays;

/**
 * Main class around another main class: ends the JVM, shutdown hooks included, when the process that started it is gone. The starter holds the other end of
 * standard input and never writes; when it dies, however it dies, the kernel closes that pipe. So nothing outlives the launcher, even after kill -9.
 */
public final class Tether {

    /** System property: how long the shutdown hooks may take once the tether is cut, in seconds. */
    static final String GRACE = "tether.grace.seconds";

    private static final int TERMINATED = 143;

    private Tether() {}

    /** The first argument is the class whose main method runs, the others are its arguments. */
    public static void main(String[] args) throws Throwable {
        Thread.ofPlatform().daemon().name("tether").start(() -> endWithStarter(System.in));
        Class<?> program = Class.forName(args[0]);
        MethodHandle main = MethodHandles.publicLookup()
                .findStatic(program, "main", MethodType.methodType(void.class, String[].class));
        main.invokeExact(Arrays.copyOfRange(args, 1, args.length));
    }

    private static void endWithStarter(InputStream standardInput) {
        try {
            while (standardInput.read() >= 0) {
                // The starter never writes; were it to, it would still be alive.
            }
        } catch (IOException gone) {
            // A broken pipe says the same as its end.
        }
        Thread.ofPlatform().daemon().name("tether-grace").start(Tether::haltAfterGrace);
        System.exit(TERMINATED);
    }

    private static void haltAfterGrace() {
        try {
            Thread.sleep(Duration.ofSeconds(Integer.getInteger(GRACE, 20)));
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(TERMINATED);
    }
}
