package dev.murmuration.stage;

import dev.murmuration.schemas.RegistryUnavailableException;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.settings.WrongSettings;
import dev.murmuration.stage.store.StoreUnavailableException;
import io.quarkus.runtime.Quarkus;
import io.smallrye.config.ConfigValidationException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Starts a stage. An error at the start becomes one line on the standard error, wrong settings one line each, and an exit code
 * that says who must act: the operator or the supervisor.
 *
 * <p>A service checks its settings in an observer of the start with priority 0,
 * {@code void check(@Observes @Priority(0) StartupEvent event)}, so that a wrong one is reported at once and not after the wait
 * for the platform, which has priority 1.
 */
public final class Launch {

    /** Exit code for a wrong setting: starting again will not help. */
    public static final int WRONG_SETTING = 78;

    private Launch() {}

    /**
     * Runs the Quarkus application until it is told to stop.
     *
     * @param service the service's name, first word of the line that says what is wrong
     * @param args the command line
     */
    public static void run(String service, String... args) {
        try {
            WorkFolder.emptyOwn();
        } catch (SettingException e) {
            end(service, WRONG_SETTING, e);
        }
        Quarkus.run(null, (code, failure) -> end(service, code, failure), args);
    }

    private static void end(String service, int code, @Nullable Throwable failure) {
        if (failure == null) {
            System.exit(code);
            return;
        }
        lines(failure).forEach(line -> System.err.println(service + ": " + line));
        System.err.flush();
        // Not exit: half-started extensions have been seen to hold up the shutdown hooks.
        Runtime.getRuntime().halt(isWrongSetting(failure) ? WRONG_SETTING : code == 0 ? 1 : code);
    }

    /**
     * What the operator reads: a line for each wrong setting, or one of the cause that was written for an operator, else of the
     * innermost one.
     */
    static List<String> lines(Throwable failure) {
        Throwable told = told(failure);
        List<String> wrong = WrongSettings.in(told);
        if (!wrong.isEmpty()) {
            return wrong.stream()
                    .map(problem -> oneLine("wrong setting: " + problem))
                    .toList();
        }
        return List.of(oneLine(told.getMessage() == null ? told.toString() : told.getMessage()));
    }

    static boolean isWrongSetting(Throwable failure) {
        return !WrongSettings.in(told(failure)).isEmpty();
    }

    private static final Set<Class<?>> WRITTEN_FOR_OPERATORS = Set.of(
            SettingException.class,
            StoreUnavailableException.class,
            RegistryUnavailableException.class,
            BrokerUnavailableException.class,
            ConfigValidationException.class);

    private static Throwable told(Throwable failure) {
        Throwable innermost = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (WRITTEN_FOR_OPERATORS.contains(cause.getClass())) {
                return cause;
            }
            innermost = cause;
        }
        return innermost;
    }

    private static String oneLine(String text) {
        return text.lines()
                .map(String::strip)
                .filter(l -> !l.isEmpty())
                .reduce((a, b) -> a + " " + b)
                .orElse("");
    }
}
