package dev.murmuration.filter.command;

import dev.murmuration.filter.pipeline.CommandException;
import dev.murmuration.filter.precision.PooledPrecision;
import dev.murmuration.filter.precision.Precision;
import dev.murmuration.schemas.Sentiment;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code datasets precision}: evaluates the filled sheet. */
@Command(
        name = "precision",
        description = "The precision of the labels of each class, from a sheet of 'datasets sample' with verdicts.",
        mixinStandardHelpOptions = true)
final class PrecisionCommand implements Callable<Integer> {

    /** Beside the sheet. */
    static final String LABELS = "labels.csv";

    @Parameters(
            index = "0",
            paramLabel = "SHEET",
            description = "sheet.csv, its column verdict filled in: negative, neutral, positive, or ? for no idea.")
    private Path sheet = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Path labels = sheet.resolveSibling(LABELS);
        Map<Sentiment, Precision> precisions;
        Map<Sentiment, Long> samples = Map.of();
        try {
            String filled = Files.readString(sheet);
            if (Files.exists(labels)) {
                String hidden = Files.readString(labels);
                precisions = Precision.of(filled, hidden);
                samples = Precision.classSamples(hidden);
            } else {
                precisions = Precision.of(filled);
            }
        } catch (NoSuchFileException e) {
            throw new CommandException("there is no file " + e.getFile(), e);
        } catch (MalformedInputException e) {
            throw new CommandException(sheet + " is not in UTF-8", e);
        }
        if (precisions.isEmpty()) {
            throw new CommandException("no row of %s has a verdict".formatted(sheet));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("label       judged  agreed  precision  95 % interval");
        precisions.forEach((label, precision) ->
                row(out, label.name(), precision, precision.value(), precision.low(), precision.high()));
        Precision all = precisions.values().stream()
                .reduce(new Precision(0, 0), (a, b) -> new Precision(a.judged() + b.judged(), a.agreed() + b.agreed()));
        if (samples.isEmpty()) {
            row(out, "all", all, all.value(), all.low(), all.high());
            out.println(
                    "all: each class alike, since the sheet has no labels.csv beside it that says how many there are");
        } else {
            PooledPrecision pooled = PooledPrecision.of(precisions, samples);
            row(out, "all", all, pooled.value(), pooled.low(), pooled.high());
            out.println("all: each class by its samples in the data set");
        }
        out.flush();
        return 0;
    }

    private static void row(PrintWriter out, String name, Precision counts, double value, double low, double high) {
        out.printf(
                Locale.ROOT,
                "%-10s  %6d  %6d  %9.4f  %.4f to %.4f%n",
                name,
                counts.judged(),
                counts.agreed(),
                value,
                low,
                high);
    }
}
