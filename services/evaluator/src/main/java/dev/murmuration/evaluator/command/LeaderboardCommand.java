package dev.murmuration.evaluator.command;

import dev.murmuration.evaluator.measure.Leaderboard;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code leaderboard}: ours beside the published. */
@Command(
        name = "leaderboard",
        description = "Prints the announced accuracies of each run's last checkpoint beside the published tables.",
        mixinStandardHelpOptions = true)
final class LeaderboardCommand implements Callable<Integer> {

    @Option(names = "--format", paramLabel = "FORMAT", description = "text (default), csv or markdown.")
    private Leaderboard.Format format = Leaderboard.Format.TEXT;

    @Option(names = "--published-only", description = "Only the papers' tables; needs no running platform.")
    private boolean publishedOnly;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Leaderboard board = Leaderboard.of(
                publishedOnly ? List.of() : CommandContext.announcements().accuracies());
        spec.commandLine().getOut().print(board.written(format));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
