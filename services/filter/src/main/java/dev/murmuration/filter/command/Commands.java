package dev.murmuration.filter.command;

import dev.murmuration.cluster.FileProblem;
import dev.murmuration.filter.pipeline.CommandException;
import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.filter.settings.FilterSettings;
import dev.murmuration.schemas.RegistryUnavailableException;
import dev.murmuration.signing.SignatureException;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.store.StoreUnavailableException;
import dev.murmuration.stage.text.Printable;
import io.smallrye.config.SmallRyeConfig;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The command line of the data sets. Exit codes: 0 done, 1 impossible, 2 wrong usage, 78 wrong setting. */
@Command(
        name = "murmuration",
        description = "Looks after the data sets.",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        scope = CommandLine.ScopeType.INHERIT,
        subcommands = {
            DatasetsCommand.class,
            RejectionsCommand.class,
            LineageCommand.class,
            TrackCommand.class,
            SubjectCommand.class,
            ReplayCommand.class,
            RedactCommand.class,
            SigningKeyCommand.class,
            VerifyCommand.class,
        })
public final class Commands {

    private static final int WRONG_SETTING = 78;

    private final SmallRyeConfig config;

    private Commands(SmallRyeConfig config) {
        this.config = config;
    }

    /** The pipeline that the command works on. */
    static Pipeline connect(CommandSpec command) {
        return new Pipeline(((Commands) command.root().userObject()).config);
    }

    /** The settings of the filter, for a command that needs no connection. */
    static FilterSettings settings(CommandSpec command) {
        return ((Commands) command.root().userObject()).config.getConfigMapping(FilterSettings.class);
    }

    /** Runs a command line with the settings of the process and returns its exit code. A failure is one line on the standard error. */
    public static int run(String... args) {
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        try {
            return run(Pipeline.settings(), new PrintWriter(System.out, true, StandardCharsets.UTF_8), err, args);
        } catch (SettingException e) {
            err.println(e.getMessage());
            return WRONG_SETTING;
        }
    }

    /** As above, with these settings. */
    static int run(SmallRyeConfig config, PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = new CommandLine(new Commands(config));
        return line.setOut(out)
                .setErr(err)
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (isForPeople(failure)) {
                        command.getErr().println(failure.getMessage());
                        return failure instanceof SettingException
                                ? WRONG_SETTING
                                : command.getCommandSpec().exitCodeOnExecutionException();
                    }
                    Optional<String> problem = FileProblem.of(failure);
                    if (problem.isPresent()) {
                        command.getErr().println(Printable.of(problem.get()));
                        return command.getCommandSpec().exitCodeOnExecutionException();
                    }
                    throw failure;
                })
                .execute(args);
    }

    private static boolean isForPeople(Exception failure) {
        return List.of(
                        CommandException.class,
                        SettingException.class,
                        SignatureException.class,
                        StoreUnavailableException.class,
                        RegistryUnavailableException.class)
                .contains(failure.getClass());
    }
}
