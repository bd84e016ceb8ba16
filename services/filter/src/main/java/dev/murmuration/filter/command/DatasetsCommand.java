package dev.murmuration.filter.command;

import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.filter.settings.DataSetDescription;
import dev.murmuration.filter.version.Manifest;
import dev.murmuration.filter.version.Version;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Split;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code datasets}: lists the data sets. */
@Command(
        name = "datasets",
        description =
                "Lists the data sets: versions, samples of each class and split, bytes, and which class a balanced one waits for.",
        mixinStandardHelpOptions = true,
        subcommands = {ExportCommand.class, SampleCommand.class, PrecisionCommand.class})
final class DatasetsCommand implements Callable<Integer> {

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Lists the versions of this data set instead.")
    private @Nullable String name;

    @Option(names = "--last", paramLabel = "N", description = "How many versions to list; 20 by default.")
    private int last = 20;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Pipeline connected = Commands.connect(spec)) {
            Manifest manifest = Manifest.of(connected);
            if (name == null) {
                print(out, manifest, DataSetDescription.of(connected.filter()));
            } else {
                printVersions(out, manifest, name);
            }
        }
        out.flush();
        return 0;
    }

    private static void print(PrintWriter out, Manifest manifest, List<DataSetDescription> configured) {
        if (manifest.newest().isEmpty()) {
            out.println("no shard is committed yet");
            return;
        }
        out.printf(
                "%-16s %8s %-6s %10s %10s %10s %10s %7s %14s%n",
                "data set", "version", "split", "negative", "neutral", "positive", "samples", "shards", "bytes");
        manifest.newest().forEach((name, version) -> {
            for (Split split : Split.values()) {
                long shards = version.shards()
                        .filter(shard -> shard.getSplit() == split)
                        .count();
                if (shards > 0) {
                    long bytes = version.shards()
                            .filter(shard -> shard.getSplit() == split)
                            .mapToLong(shard -> shard.getBytes())
                            .sum();
                    row(out, "", "", version, Optional.of(split), shards, bytes);
                }
            }
            row(
                    out,
                    name,
                    Long.toString(version.number()),
                    version,
                    Optional.empty(),
                    version.entries().size(),
                    version.bytes());
            limit(version, configured).ifPresent(out::println);
        });
    }

    private static void row(
            PrintWriter out,
            String name,
            String number,
            Version version,
            Optional<Split> split,
            long shards,
            long bytes) {
        long negative = version.samples(Sentiment.negative, split);
        long neutral = version.samples(Sentiment.neutral, split);
        long positive = version.samples(Sentiment.positive, split);
        out.printf(
                Locale.ROOT,
                "%-16s %8s %-6s %,10d %,10d %,10d %,10d %,7d %,14d%n",
                name,
                number,
                split.map(Split::name).orElse("all"),
                negative,
                neutral,
                positive,
                negative + neutral + positive,
                shards,
                bytes);
    }

    /** The class that keeps a balanced data set from growing. */
    private static Optional<String> limit(Version version, List<DataSetDescription> configured) {
        return configured.stream()
                .filter(set ->
                        set.name().equals(version.dataset()) && set.slack().isPresent())
                .findFirst()
                .map(set -> version.scarcest()
                        .map(label -> "    limited by %s: the other classes wait, within %d of it"
                                .formatted(label, set.slack().orElseThrow()))
                        .orElse("    no class lags behind"));
    }

    private void printVersions(PrintWriter out, Manifest manifest, String dataset) {
        manifest.version(dataset, Long.MAX_VALUE);
        List<Version> versions = manifest.versions(dataset);
        out.printf(
                "%8s %10s %10s %10s %10s %7s %14s  %s%n",
                "version", "negative", "neutral", "positive", "samples", "shards", "bytes", "newest tweet");
        for (Version version : versions.subList(Math.max(0, versions.size() - last), versions.size())) {
            out.printf(
                    Locale.ROOT,
                    "%8d %,10d %,10d %,10d %,10d %,7d %,14d  %s%n",
                    version.number(),
                    version.samples(Sentiment.negative, Optional.empty()),
                    version.samples(Sentiment.neutral, Optional.empty()),
                    version.samples(Sentiment.positive, Optional.empty()),
                    version.samples(),
                    version.entries().size(),
                    version.bytes(),
                    version.entries().getLast().shard().getCreatedAt());
        }
    }
}
