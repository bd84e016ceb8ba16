package dev.murmuration.evaluator.command;

import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.benchmark.BenchmarkLimits;
import dev.murmuration.evaluator.benchmark.Benchmarks;
import dev.murmuration.evaluator.benchmark.LabelScheme;
import dev.murmuration.evaluator.measure.Protocol;
import dev.murmuration.stage.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of every command that measures: benchmarks and protocols. */
final class BenchmarkOption {

    @Option(
            names = {"-b", "--benchmark"},
            required = true,
            paramLabel = "BENCHMARK",
            description =
                    "A folder with index.csv (with a slash in it), or a name under benchmarks/ in the object store.")
    private List<String> benchmarks = new ArrayList<>();

    @Option(
            names = {"-p", "--protocol"},
            paramLabel = "PROTOCOL",
            description = "zero-shot or three-way; by default each that the benchmark's labels allow.")
    private List<String> protocols = new ArrayList<>();

    @Option(
            names = "--labels",
            paramLabel = "SCHEME",
            description =
                    "What a class number means: two (0 negative, 1 positive), three (1 neutral, 2 positive), auto (default: three if there is a 2).")
    private String labels = "auto";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** Opens every benchmark. */
    List<Benchmark> open() throws BenchmarkException {
        LabelScheme scheme = LabelScheme.titled(labels)
                .orElseThrow(() -> wrong("--labels " + labels + " is not one of " + LabelScheme.titles()));
        List<Benchmark> opened = new ArrayList<>();
        for (String name : benchmarks) {
            try {
                opened.add(Benchmark.open(
                        Benchmarks.files(CommandContext::store, name), scheme, BenchmarkLimits.DEFAULTS));
            } catch (StoreUnavailableException e) {
                throw new BenchmarkException(
                        name, "a name without a slash is one in the object store; " + e.getMessage());
            }
        }
        return opened;
    }

    /** The selected protocols; all without training if none is selected. */
    List<Protocol> protocols() {
        List<Protocol> wanted = new ArrayList<>();
        for (String title : protocols) {
            wanted.add(Protocol.titled(title)
                    .filter(protocol -> !protocol.trains())
                    .orElseThrow(() ->
                            wrong("--protocol %s is neither zero-shot nor three-way; cross-validate and fine-tune train"
                                    .formatted(title))));
        }
        return wanted.isEmpty() ? Protocol.asking() : wanted;
    }

    /** An exception for wrong usage of the command. */
    ParameterException wrong(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
