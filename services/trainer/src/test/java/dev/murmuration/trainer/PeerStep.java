package dev.murmuration.trainer;

import dev.murmuration.programs.Torch;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Training;
import dev.murmuration.student.network.Architecture;
import java.util.Locale;
import java.util.function.IntConsumer;

/** Our turn beside the steps of {@code tools/peers}: ViT-B/32, batches of 16, AdamW. */
final class PeerStep {

    private static final int BATCH = 16;
    private static final int WARM = 4;
    private static final int MEASURED = 10;

    private PeerStep() {}

    /** Prints a rate per step: {@code PRECISION THREADS}. */
    public static void main(String... args) {
        Torch.threads(Integer.parseInt(args[1]));
        Precision precision = Precision.valueOf(args[0].toUpperCase(Locale.ROOT));
        try (Training training = StepBench.training(Architecture.named("vit-b-32-224"), precision, false)) {
            IntConsumer step = StepBench.plain(training);
            for (int i = 1; i <= WARM + MEASURED; i++) {
                long start = System.nanoTime();
                step.accept(i);
                if (i > WARM) {
                    System.out.printf(Locale.ROOT, "rate %.2f%n", BATCH * 1e9 / (System.nanoTime() - start));
                }
            }
        }
    }
}
