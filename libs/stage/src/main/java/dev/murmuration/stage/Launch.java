package dev.murmuration.stage;

import dev.murmuration.schemas.RegistryUnavailableException;
import io.quarkus.runtime.Quarkus;
import io.smallrye.config.ConfigValidationException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Starts a stage. An error at the start becomes one line on the standard error and an exit code that says who must act: the operator or the supervisor.
 *
 * <p>A service checks its settings in an observer of the start with priority 0, {@code void check(@Observes @Priority(0) StartupEvent event)}, so
 * that a wrong one is reported at once and not after the wait for the platform, which has priority 1.
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
        String line = line(failure);
        System.err.println(service + ": " + line);
        System.err.flush();
        // Not exit: half-started extensions have been seen to hold up the shutdown hooks.
        Runtime.getRuntime().halt(isWrongSetting(failure) ? WRONG_SETTING : code == 0 ? 1 : code);
    }

    /** The one line: of the cause that was written for an operator, else of the innermost one. */
    static String line(Throwable failure) {
        Throwable told = told(failure);
        if (told instanceof ConfigValidationException invalid && invalid.getProblemCount() > 0) {
            StringBuilder all = new StringBuilder("wrong setting: ");
            for (int i = 0; i < invalid.getProblemCount(); i++) {
                all.append(i == 0 ? "" : "; ")
                        .append(plain(invalid.getProblem(i).getMessage()));
            }
            return oneLine(all + RenamedSettings.hint(all.toString()));
        }
        if (told instanceof SettingException) {
            return oneLine("wrong setting: " + told.getMessage());
        }
        return oneLine(told.getMessage() == null ? told.toString() : told.getMessage());
    }

    static boolean isWrongSetting(Throwable failure) {
        Throwable told = told(failure);
        return told instanceof SettingException || told instanceof ConfigValidationException;
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

    /** Without the class names and message numbers that SmallRye puts before and between its words. */
    private static String plain(String problem) {
        return problem.replaceAll("(java\\.[\\w.]+: |SRCFG\\d+: ?)", "");
    }

    private static String oneLine(String text) {
        return text.lines()
                .map(String::strip)
                .filter(l -> !l.isEmpty())
                .reduce((a, b) -> a + " " + b)
                .orElse("");
    }
}
