package dev.murmuration.evaluator.command;

import dev.murmuration.evaluator.measure.Protocol;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fine-tune}: given splits with training. */
@Command(
        name = "fine-tune",
        description = {
            "Trains a student further on the given splits of a benchmark (columns split1, split2, ... of its index), as published for FI: 5 epochs,"
                    + " tested after the one that was best on the validation part, neutral dropped; mean and population standard deviation."
        },
        mixinStandardHelpOptions = true)
final class FineTuneCommand implements Callable<Integer> {

    @Mixin
    private FineTuningOptions tuning = new FineTuningOptions();

    @Option(
            names = "--grouped",
            description = "Leaves out training and validation photos of which a copy (media id, bytes) is tested.")
    private boolean grouped;

    @Override
    public Integer call() throws Exception {
        return tuning.run(grouped ? Protocol.FINE_TUNE_GROUPED : Protocol.FINE_TUNE);
    }
}
