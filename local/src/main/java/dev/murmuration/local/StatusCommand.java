package dev.murmuration.local;

import dev.murmuration.local.audit.Ledger;
import dev.murmuration.local.audit.TopicFollower;
import dev.murmuration.local.demo.Board;
import dev.murmuration.local.demo.Flow;
import dev.murmuration.local.process.State;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** `./murmuration status`. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows what runs and how far each stage is.",
        footer = {"", "Exit status 0 if every program is ready, 1 if not, 3 if nothing runs."})
final class StatusCommand implements Callable<Integer> {

    private static final int NOTHING_RUNS = 3;
    private static final Duration QUIET = Duration.ofSeconds(1);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        RunFolder run;
        try {
            run = AuditCommand.running();
        } catch (Failure nothing) {
            out.println(nothing.getMessage());
            out.flush();
            return NOTHING_RUNS;
        }
        Optional<Status> status = Status.read(run.status());
        if (status.isEmpty()) {
            out.println("starting");
            out.flush();
            return 1;
        }
        for (State state : status.get().programs()) {
            out.printf(
                    "%-10s %-10s process %-8d restarts %d  %s%n",
                    state.program(),
                    state.phase().name().toLowerCase(Locale.ROOT),
                    state.pid(),
                    state.restarts(),
                    state.detail());
        }
        if (status.get().phase() == Status.Phase.SERVICES) {
            out.println();
            stages(Plan.read(run.plan()), new Board(out, true));
        }
        out.flush();
        return status.get().ready(Plan.read(run.plan()).programs()) ? 0 : 1;
    }

    private static void stages(Plan plan, Board board) {
        Ledger ledger = new Ledger();
        try (TopicFollower follower = new TopicFollower(
                plan.platform().bootstrapServers(), plan.platform().registryUrl(), ledger)) {
            while (follower.poll(QUIET) > 0) {
                // Until it is quiet: everything there was has been read.
            }
        }
        Map<String, Double> trainer = new ServiceMetrics().of(plan.ports().getOrDefault("trainer", 0));
        board.show(Flow.of(ledger, trainer));
    }
}
