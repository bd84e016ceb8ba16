package dev.murmuration.evaluator.command;

import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.evaluation.BenchmarkPredictions;
import dev.murmuration.evaluator.evaluation.Fold;
import dev.murmuration.evaluator.measure.McNemar;
import dev.murmuration.evaluator.measure.PairedDifference;
import dev.murmuration.evaluator.measure.Protocol;
import dev.murmuration.evaluator.model.StudentIdentity;
import dev.murmuration.evaluator.model.UnusableStudentException;
import dev.murmuration.stage.text.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code compare}: two students on the same photos. */
@Command(
        name = "compare",
        description =
                "Measures two students on the same benchmarks and tests whether they differ (McNemar's exact test).",
        mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {

    @Mixin
    private StudentOptions students = new StudentOptions();

    @Mixin
    private BenchmarkOption measuring = new BenchmarkOption();

    @Parameters(index = "0", paramLabel = "A", description = StudentOptions.MODELS)
    private String first = "";

    @Parameters(index = "1", paramLabel = "B", description = "The other one, likewise.")
    private String second = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, UnusableStudentException, BenchmarkException {
        List<Protocol> protocols = measuring.protocols();
        List<Benchmark> benchmarks = measuring.open();
        List<BenchmarkPredictions> ofFirst = answers(first, benchmarks);
        StudentIdentity a = students.identity();
        List<BenchmarkPredictions> ofSecond = answers(second, benchmarks);
        StudentIdentity b = students.identity();
        PrintWriter out = spec.commandLine().getOut();
        MetricsTable table = new MetricsTable(out);
        for (int i = 0; i < benchmarks.size(); i++) {
            out.println(Printable.of("A = " + a));
            table.print(ofFirst.get(i), protocols);
            out.println(Printable.of("B = " + b));
            table.print(ofSecond.get(i), protocols);
            for (Protocol protocol : protocols) {
                if (Fold.measurable(protocol, benchmarks.get(i))) {
                    McNemar test =
                            McNemar.of(ofFirst.get(i).judged(), ofSecond.get(i).judged(), protocol);
                    PairedDifference difference = test.difference();
                    out.printf(
                            Locale.ROOT,
                            "%-9s  B - A = %+.1f points (95 %% interval %+.1f to %+.1f), only A right: %d, only B right: %d, McNemar's exact p = %.3g%n",
                            protocol.title(),
                            100 * difference.value(),
                            100 * difference.low(),
                            100 * difference.high(),
                            test.onlyFirst(),
                            test.onlySecond(),
                            test.pValue());
                }
            }
        }
        out.flush();
        return 0;
    }

    private List<BenchmarkPredictions> answers(String model, List<Benchmark> benchmarks)
            throws IOException, UnusableStudentException, BenchmarkException {
        List<BenchmarkPredictions> answers = new ArrayList<>();
        students.use(model, student -> {
            for (Benchmark benchmark : benchmarks) {
                answers.add(students.examine(student, benchmark));
            }
        });
        return answers;
    }
}
