package dev.murmuration.evaluator.command;

import dev.murmuration.cluster.FileProblem;
import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.model.UnusableStudentException;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.store.StoreUnavailableException;
import dev.murmuration.stage.text.Printable;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The papers' scripts as commands, on any student. Exit codes: 0 done, 1 the model, benchmark or photo cannot be used, 2 wrong
 * usage, 78 a wrong setting.
 */
@Command(
        name = "murmuration",
        description = "Measures students and asks them.",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        scope = CommandLine.ScopeType.INHERIT,
        subcommands = {
            EvaluateCommand.class,
            CrossValidateCommand.class,
            FineTuneCommand.class,
            CompareCommand.class,
            PredictCommand.class,
            SentimentMapCommand.class,
            ContactSheetCommand.class,
            LeaderboardCommand.class,
            MakeBenchmarkCommand.class,
            RegisterModelCommand.class
        })
public final class Commands {

    private static final int WRONG_SETTING = 78;

    private Commands() {}

    /** Runs a command line and returns its exit code. An error is one line on the standard error. */
    public static int run(String... args) {
        return line().execute(args);
    }

    /** The command line, for callers that capture its output. */
    public static CommandLine line() {
        return new CommandLine(new Commands())
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    if (isForPeople(failure)) {
                        line.getErr().println(failure.getMessage());
                        return failure instanceof SettingException
                                ? WRONG_SETTING
                                : line.getCommandSpec().exitCodeOnExecutionException();
                    }
                    Optional<String> problem = FileProblem.of(failure);
                    if (problem.isPresent()) {
                        line.getErr().println(Printable.of(problem.get()));
                        return line.getCommandSpec().exitCodeOnExecutionException();
                    }
                    throw failure;
                })
                .setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static boolean isForPeople(Exception failure) {
        return List.of(
                        BenchmarkException.class,
                        UnusableStudentException.class,
                        SettingException.class,
                        StoreUnavailableException.class)
                .contains(failure.getClass());
    }
}
