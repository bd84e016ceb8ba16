package dev.murmuration.local;

import dev.murmuration.cluster.FileProblem;
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
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

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

    private Main() {}

    /** Ends the process with the command's exit status. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        for (CommandRegistry.Entry entry : CommandRegistry.entries()) {
            if (!line.getSubcommands().containsKey(entry.name())) {
                // Listed in the help and suggested for mistyped names; the script starts the program that has them.
                CommandSpec spec = CommandSpec.create();
                spec.usageMessage().description(entry.summary() + " (in the " + entry.program() + ")");
                line.addSubcommand(entry.name(), spec);
            }
        }
        return line.setExecutionExceptionHandler((e, command, parsed) -> {
                    if (e instanceof Failure failure) {
                        command.getErr().println("murmuration: " + failure.getMessage());
                        command.getErr().flush();
                        return failure.exitStatus();
                    }
                    Optional<String> problem = FileProblem.of(e);
                    if (problem.isPresent()) {
                        command.getErr().println("murmuration: " + problem.get());
                        command.getErr().flush();
                        return 1;
                    }
                    throw e;
                })
                .setUsageHelpAutoWidth(true);
    }
}
