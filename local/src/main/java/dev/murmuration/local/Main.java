package dev.murmuration.local;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command `./murmuration`, behind the shell script that finds the JDK and builds. */
@Command(
        name = "murmuration",
        mixinStandardHelpOptions = true,
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
        return new CommandLine(new Main())
                .setExecutionExceptionHandler((failed, line, parsed) -> {
                    if (failed instanceof Failure failure) {
                        line.getErr().println("murmuration: " + failure.getMessage());
                        line.getErr().flush();
                        return failure.exitStatus();
                    }
                    throw failed;
                })
                .setUsageHelpAutoWidth(true);
    }
}
