package dev.murmuration.evaluator.command;

import dev.murmuration.evaluator.measure.Protocol;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cross-validate}: five folds with training. */
@Command(
        name = "cross-validate",
        description = {
            "Trains a student further on four fifths of a benchmark and tests it on the rest, five times, as published: stratified folds of seed 42,"
                    + " each from the student as it came, neutral masked, 12 epochs, the last one tested; mean and population standard deviation."
        },
        mixinStandardHelpOptions = true)
final class CrossValidateCommand implements Callable<Integer> {

    @Mixin
    private FineTuningOptions tuning = new FineTuningOptions();

    @Option(
            names = "--folds",
            paramLabel = "FOLDS",
            description = "seeded (default) or given: those of the column fold in the benchmark's index.")
    private String folds = "seeded";

    @Option(
            names = "--grouped",
            description =
                    "Copies of a photo (media id, bytes) never straddle training and test; as published they may.")
    private boolean grouped;

    @Override
    public Integer call() throws Exception {
        Protocol protocol =
                switch (folds) {
                    case "seeded" -> grouped ? Protocol.K_FOLD_GROUPED : Protocol.K_FOLD;
                    case "given" -> grouped ? Protocol.K_FOLD_GIVEN_GROUPED : Protocol.K_FOLD_GIVEN;
                    default -> throw tuning.wrong("--folds " + folds + " is neither seeded nor given");
                };
        return tuning.run(protocol);
    }
}
