package dev.murmuration.filter.command;

import dev.murmuration.filter.lineage.DotReport;
import dev.murmuration.filter.lineage.JsonReport;
import dev.murmuration.filter.lineage.Kind;
import dev.murmuration.filter.lineage.LineageReader;
import dev.murmuration.filter.lineage.Node;
import dev.murmuration.filter.lineage.PostedFacts;
import dev.murmuration.filter.lineage.SampleIndex;
import dev.murmuration.filter.lineage.TextReport;
import dev.murmuration.filter.lineage.Walk;
import dev.murmuration.filter.lineage.Walker;
import dev.murmuration.filter.pipeline.CommandException;
import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.stage.text.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lineage}: what an accuracy rests on, and what became of a tweet. */
@Command(
        name = "lineage",
        description =
                "Walks from one thing back to everything that it came from, and forward to everything that came from it, by the hashes and ids of events.",
        footer = {
            "",
            "Without ID: the things of this kind that there are, the newest last.",
            "Which samples are in which shard is read from an index in the store, which is made from the shards as needed."
        },
        mixinStandardHelpOptions = true)
final class LineageCommand implements Callable<Integer> {

    private static final Set<Kind> KINDS =
            Set.of(Kind.ACCURACY, Kind.CHECKPOINT, Kind.DATASET, Kind.SHARD, Kind.PHOTO, Kind.TWEET);

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "KIND",
            description = "accuracy, checkpoint, dataset, shard, photo or tweet.")
    private @Nullable String kind;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "ID",
            description =
                    "A hash, key, id or name, or a part of one if no other has it: RUN@STEP:BENCHMARK:PROTOCOL, RUN@STEP, RUN for its newest, DATASET@VERSION.")
    private @Nullable String id;

    @Option(names = "--json", description = "For machines.")
    private boolean isJson;

    @Option(names = "--dot", description = "For Graphviz.")
    private boolean isDot;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Tweets, photos and samples to list in each direction; 20 by default. All are counted.")
    private int limit = 20;

    @Option(names = "--rebuild", description = "Makes the index again from the shards.")
    private boolean isRebuilding;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (Pipeline connected = Commands.connect(spec)) {
            LineageReader lineage = LineageReader.read(connected);
            if (kind != null && id == null) {
                list(out, lineage, kind(kind));
            } else if (kind != null || isRebuilding) {
                SampleIndex index = new SampleIndex(connected, lineage.shards(), isRebuilding);
                if (index.made() > 0) {
                    spec.commandLine().getErr().printf(Locale.ROOT, "%,d shards were indexed%n", index.made());
                }
                if (kind != null && id != null) {
                    print(out, walk(connected, lineage, index, kind(kind), id));
                }
            } else {
                throw new CommandException("which accuracy, checkpoint, dataset, shard, photo or tweet?");
            }
        }
        out.flush();
        return 0;
    }

    private static Kind kind(String typed) {
        return KINDS.stream()
                .filter(known -> known.title().replace(" ", "").equals(typed))
                .findFirst()
                .orElseThrow(() -> new CommandException(
                        "there is no lineage of a %s: accuracy, checkpoint, dataset, shard, photo or tweet"
                                .formatted(typed)));
    }

    private static void list(PrintWriter out, LineageReader lineage, Kind kind) {
        if (kind == Kind.TWEET || kind == Kind.PHOTO) {
            throw new CommandException("which %s?".formatted(kind.title()));
        }
        lineage.graph().all(kind).forEach(node -> out.println(Printable.of(node.name())));
    }

    private Walk walk(Pipeline connected, LineageReader lineage, SampleIndex index, Kind of, String typed) {
        Walker walker = new Walker(lineage.graph(), index, limit);
        if (of == Kind.TWEET || of == Kind.PHOTO) {
            PostedFacts posted = PostedFacts.of(connected, of, typed);
            Walk walk = walker.fromPosted(posted.start(), posted.scorers());
            if (!posted.isKnown() && walk.results().nodes().isEmpty()) {
                throw new CommandException("there is no %s %s".formatted(of.title(), Printable.of(typed)));
            }
            return walk;
        }
        List<Node> found = lineage.graph().find(of, typed);
        if (found.size() != 1) {
            throw new CommandException(
                    found.isEmpty()
                            ? "there is no %s %s".formatted(of.title(), Printable.of(typed))
                            : "%d are called so, for example %s"
                                    .formatted(
                                            found.size(),
                                            found.stream()
                                                    .limit(3)
                                                    .map(Node::name)
                                                    .collect(Collectors.joining(", "))));
        }
        return walker.from(found.getFirst());
    }

    private void print(PrintWriter out, Walk walk) {
        if (isJson) {
            out.println(JsonReport.of(walk));
        } else if (isDot) {
            DotReport.lines(walk).forEach(out::println);
        } else {
            TextReport.lines(walk, limit).stream().map(Printable::of).forEach(out::println);
        }
    }
}
