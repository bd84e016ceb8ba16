package dev.murmuration.filter.command;

import dev.murmuration.filter.pipeline.CommandException;
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

    @Parameters(
            index = "0",
            paramLabel = "SHEET",
            description = "sheet.csv, its column verdict filled in: negative, neutral, positive, or ? for no idea.")
    private Path sheet = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Map<Sentiment, Precision> precisions;
        try {
            precisions = Precision.of(Files.readString(sheet));
        } catch (NoSuchFileException e) {
            throw new CommandException("there is no file " + sheet, e);
        } catch (MalformedInputException e) {
            throw new CommandException(sheet + " is not in UTF-8", e);
        }
        if (precisions.isEmpty()) {
            throw new CommandException("no row of %s has a verdict".formatted(sheet));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("label       judged  agreed  precision  95 % interval");
        precisions.forEach((label, precision) -> row(out, label.name(), precision));
        row(
                out,
                "all",
                precisions.values().stream()
                        .reduce(
                                new Precision(0, 0),
                                (a, b) -> new Precision(a.judged() + b.judged(), a.agreed() + b.agreed())));
        out.flush();
        return 0;
    }

    private static void row(PrintWriter out, String name, Precision precision) {
        out.printf(
                Locale.ROOT,
                "%-10s  %6d  %6d  %9.4f  %.4f to %.4f%n",
                name,
                precision.judged(),
                precision.agreed(),
                precision.value(),
                precision.low(),
                precision.high());
    }
}
