package dev.murmuration.filter.command;

import dev.murmuration.filter.pipeline.CommandException;
import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.text.Printable;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rejections}: what was rejected, by which stage and why. */
@Command(
        name = "rejections",
        description = {
            "Counts what was refused by stage and reason, with examples.",
            "Where nothing was refused as asked for, exit status 1 and the stages and reasons that there are."
        },
        mixinStandardHelpOptions = true)
final class RejectionsCommand implements Callable<Integer> {

    @Option(
            names = "--stage",
            paramLabel = "STAGE",
            description = "Only this stage: crawler, teacher, filter or shards.")
    private @Nullable String stage;

    @Option(names = "--reason", paramLabel = "REASON", description = "Only this reason.")
    private @Nullable String reason;

    @Option(names = "--tweet", paramLabel = "ID", description = "Only this tweet.")
    private @Nullable String tweet;

    @Option(names = "--examples", paramLabel = "N", description = "Examples of each; 3 by default.")
    private int examples = 3;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        RejectionCounts counts = new RejectionCounts(examples);
        Set<String> known = new TreeSet<>();
        try (Pipeline connected = Commands.connect(spec)) {
            connected.read(Topics.REJECTIONS, Rejection.class, (record, decoded) -> {
                if (decoded instanceof Decoded.Event<Rejection>(Rejection rejection)) {
                    known.add(Printable.of(rejection.getStage() + " " + rejection.getReason()));
                    if (isWanted(rejection)) {
                        counts.add(rejection);
                    }
                }
            });
        }
        if (counts.isEmpty() && !known.isEmpty()) {
            throw new CommandException(
                    "nothing was refused so; the stages and reasons are: " + String.join(", ", known));
        }
        PrintWriter out = spec.commandLine().getOut();
        counts.lines().forEach(out::println);
        out.flush();
        return 0;
    }

    private boolean isWanted(Rejection rejection) {
        return is(stage, rejection.getStage())
                && is(reason, rejection.getReason())
                && is(tweet, rejection.getTweetId());
    }

    private static boolean is(@Nullable String wanted, String given) {
        return Optional.ofNullable(wanted).orElse(given).equals(given);
    }
}
