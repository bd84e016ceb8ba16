package dev.murmuration.schemas;

import com.microsoft.kiota.ApiException;
import java.lang.reflect.Method;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Tells a registry that is down, which is waited for, from a record that is bad, which is not. */
final class RegistryCalls {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private RegistryCalls() {}

    /** Repeats the call while the registry is down; any other failure passes through at once. */
    static <T> T waitingFor(RegistrySettings settings, Supplier<T> call) {
        return waitingFor(settings, call, RegistryCalls::isRegistryDown);
    }

    /** Repeats a call that looks up the id of a schema while the registry is down or does not have the schema yet. */
    static <T> T waitingForSchema(RegistrySettings settings, Supplier<T> call) {
        return waitingFor(settings, call, failure -> isRegistryDown(failure) || isUnregistered(failure));
    }

    private static <T> T waitingFor(RegistrySettings settings, Supplier<T> call, Predicate<Throwable> isPassing) {
        long deadline = System.nanoTime() + settings.timeout().toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return call.get();
            } catch (RuntimeException e) {
                if (!isPassing.test(e)) {
                    throw e;
                }
                if (System.nanoTime() + pause.toNanos() > deadline) {
                    throw new RegistryUnavailableException(settings.url(), e);
                }
                pause(pause, settings, e);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    private static void pause(Duration pause, RegistrySettings settings, RuntimeException why) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailableException(settings.url(), why);
        }
    }

    private static boolean isRegistryDown(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketException
                    || cause instanceof UnknownHostException
                    || cause instanceof HttpTimeoutException
                    || cause instanceof TimeoutException
                    || cause instanceof ClosedChannelException) {
                return true;
            }
            int status = status(cause);
            // 401 and 403 are a wrong secret, not a wrong record.
            if (status >= 500 || status == 429 || status == 401 || status == 403) {
                return true;
            }
        }
        return false;
    }

    /** Whether the registry answered that it has no such schema. */
    static boolean isUnknownSchema(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (status(cause) == 404) {
                return true;
            }
        }
        return false;
    }

    /** Whether the registry answered that it has no schema like the writer's. */
    static boolean isUnregistered(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            // Apicurio's client has no exception of its own for an empty search.
            if (String.valueOf(cause.getMessage()).startsWith("Could not resolve artifact reference by content")) {
                return true;
            }
        }
        return isUnknownSchema(failure);
    }

    private static int status(Throwable cause) {
        if (cause instanceof ApiException api) {
            return api.getResponseStatusCode();
        }
        if (!cause.getClass().getSimpleName().equals("RestClientException")) {
            return 0;
        }
        try {
            // Confluent's client is an option of the user's build, never on our own class path.
            Method status = cause.getClass().getMethod("getStatus");
            return status.invoke(cause) instanceof Integer code ? code : 0;
        } catch (ReflectiveOperationException e) {
            return 0;
        }
    }

    /** Returns the root cause, in one line. */
    static String root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return root.getClass().getSimpleName()
                + (message == null ? "" : ": " + message.lines().findFirst().orElse(""));
    }
}
