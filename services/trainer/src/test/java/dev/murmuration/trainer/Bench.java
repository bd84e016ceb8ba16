package dev.murmuration.trainer;

import dev.murmuration.programs.Torch;
import dev.murmuration.student.ProgramExport;
import dev.murmuration.trainer.run.Ablations;
import dev.murmuration.trainer.run.LoaderBench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code ./murmuration bench trainer}: what a step, its options, the loader and the memory cost, each beside a baseline of the same run.
 */
public final class Bench {

    private static final List<String> ALL = List.of("step", "options", "loader", "end-to-end", "memory", "checkpoint");
    private static final String USAGE = """
            Usage: ./murmuration bench trainer [PART...]

              step        a step of ViT-B/32 and S/16, batch 16, on a GPU 256, fp32 and bf16, against the same student as DJL blocks with DJL's AdamW
              options     what each option adds to a step of B/32, in the precision that is quicker here
              loader      photos a second on one core, against the rate of training
              end-to-end  from the shard to the step of B/32, against the step alone
              memory      resident memory over 2,000 steps of the demonstration student and 50 of B/32
              checkpoint  one of B/32, written and put into the local object store: what a stop waits for

            ./murmuration bench trainer export FOLDER: the students' programs as a GPU runs them, for tools/gpu.
            ./murmuration bench trainer ablations FOLDER: what thresholds, soft labels and the search for duplicates are worth; tools/ablations.sh makes FOLDER.

            All of them without a PART: some 30 minutes on two cores without bf16. TRAINER_THREADS sets libtorch's threads, all cores by default.
            """;

    private Bench() {}

    /** Measures the parts that are named, or all. */
    public static void main(String... args) throws IOException {
        boolean ablates = args.length == 2 && args[0].equals("ablations");
        boolean exports = args.length == 2 && args[0].equals("export");
        Set<String> wanted = new TreeSet<>(List.of(args));
        if (!ablates && !exports && !ALL.containsAll(wanted)) {
            System.out.print(USAGE);
            System.exit(wanted.contains("--help") || wanted.contains("-h") ? 0 : 64);
        }
        if (ablates) {
            Ablations.run(Path.of(args[1]));
            return;
        }
        if (exports) {
            ProgramExport.students(Files.createDirectories(Path.of(args[1])));
            return;
        }
        String threads = System.getenv("TRAINER_THREADS");
        Torch.threads(threads == null ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(threads));
        line("libtorch on %d threads", Torch.threads());
        for (String part : ALL) {
            if (wanted.isEmpty() || wanted.contains(part)) {
                switch (part) {
                    case "step" -> StepBench.steps();
                    case "options" -> StepBench.options();
                    case "loader" -> LoaderBench.loader();
                    case "end-to-end" -> LoaderBench.endToEnd();
                    case "memory" -> StepBench.memory();
                    default -> CheckpointBench.checkpoint();
                }
            }
        }
    }

    @SuppressWarnings("AnnotateFormatMethod") // The annotation is no dependency of ours.
    public static void line(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
