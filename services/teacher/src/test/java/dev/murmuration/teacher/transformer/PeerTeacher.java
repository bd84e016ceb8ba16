package dev.murmuration.teacher.transformer;

import dev.murmuration.programs.Torch;
import dev.murmuration.teacher.model.Inference;
import dev.murmuration.teacher.model.ModelFolder;
import dev.murmuration.teacher.model.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Our turn beside the teachers of {@code tools/peers}: RoBERTa-base with random weights, tweets of a file. */
final class PeerTeacher {

    private static final int WARM_UP = 64;

    private PeerTeacher() {}

    /** Prints a rate per round: {@code PRECISION FOLDER TEXTS ROUNDS THREADS}; {@code write FOLDER} writes the weights. */
    public static void main(String... args) throws Exception {
        Path folder = Path.of(args[1]);
        if (args[0].equals("write")) {
            RandomTransformer.write(Files.createDirectories(folder));
            return;
        }
        Torch.threads(Integer.parseInt(args[4]));
        List<String> texts = Files.readAllLines(Path.of(args[2]));
        Inference inference = new Inference("cpu", Precision.valueOf(args[0].toUpperCase(Locale.ROOT)), 2048, 512);
        try (TransformerTextModel model = TransformerTextModel.load(ModelFolder.open(folder, "random"), inference)) {
            model.probabilities(texts.subList(0, WARM_UP));
            for (int round = 0; round < Integer.parseInt(args[3]); round++) {
                long start = System.nanoTime();
                model.probabilities(texts);
                System.out.printf(Locale.ROOT, "rate %.1f%n", texts.size() * 1e9 / (System.nanoTime() - start));
            }
        }
    }
}
