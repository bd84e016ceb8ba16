package dev.murmuration.local;

import dev.murmuration.local.command.AuditCommand;
import dev.murmuration.local.command.BenchStartCommand;
import dev.murmuration.local.command.DemoCommand;
import dev.murmuration.local.command.DownCommand;
import dev.murmuration.local.command.ExportLagCommand;
import dev.murmuration.local.command.LogsCommand;
import dev.murmuration.local.command.PrepareCommand;
import dev.murmuration.local.command.RelabelCommand;
import dev.murmuration.local.command.StatusCommand;
import dev.murmuration.local.command.SuperviseCommand;
import dev.murmuration.local.command.UpCommand;
import dev.murmuration.local.settings.Failure;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine;

/** The command `./murmuration`, behind the shell script that finds the JDK and builds. */
@Command(
        name = "murmuration",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        scope = CommandLine.ScopeType.INHERIT,
        description = "Labels a live tweet stream and learns image sentiment from it, on one machine.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            DownCommand.class,
            AuditCommand.class,
            RelabelCommand.class,
            PrepareCommand.class,
            ExportLagCommand.class,
            BenchStartCommand.class,
            SuperviseCommand.class
        })
public final class Main {

    /** What the script runs elsewhere, by where. They are known here so that a mistyped one is recognised. */
    static final Map<String, List<String>> ELSEWHERE = Map.of(
            "in the script", List.of("test", "bench", "verify-deploy"),
            "in the evaluator",
                    List.of(
                            "evaluate",
                            "cross-validate",
                            "fine-tune",
                            "compare",
                            "predict",
                            "sentiment-map",
                            "contact-sheet",
                            "leaderboard",
                            "make-benchmark",
                            "register-model"),
            "in the filter", List.of("datasets", "rejections", "redact", "replay-dead-letters"));

    private Main() {}

    /** Ends the process with the command's exit status. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        ELSEWHERE.forEach((where, commands) -> commands.forEach(command -> {
            CommandSpec spec = CommandSpec.create();
            spec.usageMessage().description("Runs " + where + ".");
            line.addSubcommand(command, spec);
        }));
        return line.setExecutionExceptionHandler((failed, command, parsed) -> {
                    if (failed instanceof Failure failure) {
                        command.getErr().println("murmuration: " + failure.getMessage());
                        command.getErr().flush();
                        return failure.exitStatus();
                    }
                    throw failed;
                })
                .setUsageHelpAutoWidth(true);
    }
}
