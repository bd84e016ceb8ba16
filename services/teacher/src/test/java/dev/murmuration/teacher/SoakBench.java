package dev.murmuration.teacher;

import dev.murmuration.programs.Torch;
import dev.murmuration.teacher.model.Bundled;
import dev.murmuration.teacher.model.Inference;
import dev.murmuration.teacher.model.ModelFolder;
import dev.murmuration.teacher.model.ModelSources;
import dev.murmuration.teacher.model.Precision;
import dev.murmuration.teacher.model.TextModel;
import dev.murmuration.teacher.score.LoadedModel;
import dev.murmuration.teacher.score.Scorer;
import dev.murmuration.teacher.transformer.TransformerTextModel;
import dev.murmuration.teacher.transformer.TransformerTextModelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The bundled teachers' speed, and what memory does in the long run. */
final class SoakBench {

    private static final int TWEETS = 200_000;
    private static final int BATCH = 512;
    private static final int LONGEST = 4_096;

    private SoakBench() {}

    static void bundled(List<String> texts) {
        rate(Bundled.NGRAMS, Precision.FP32, texts);
        double fp32 = rate(Bundled.MINILM, Precision.FP32, texts);
        double bf16 = rate(Bundled.MINILM, Precision.BF16, texts);
        Bench.line("bundled: bf16 to fp32 %.2f", bf16 / fp32);
    }

    private static double rate(Bundled kind, Precision precision, List<String> texts) {
        Inference inference = new Inference("cpu", precision, Optional.empty(), Optional.empty());
        try (LoadedModel loaded = LoadedModel.load(kind.setting(), ModelSources.forTools(), inference)) {
            loaded.model().probabilities(texts.subList(0, Math.min(BATCH, texts.size())));
            long start = System.nanoTime();
            loaded.model().probabilities(texts);
            double rate = texts.size() / ((System.nanoTime() - start) / 1e9);
            Bench.line(
                    "%-46s %8.0f tweets/s",
                    "%s, %s, %d threads of libtorch".formatted(kind.setting(), precision, Torch.threads()), rate);
            return rate;
        }
    }

    static void soak(List<String> texts) throws Exception {
        try (LoadedModel loaded =
                LoadedModel.load(Bundled.NGRAMS.setting(), ModelSources.forTools(), Inference.DEFAULT)) {
            soak(Bundled.NGRAMS.setting(), loaded.model(), texts);
        }
        ModelFolder folder = ModelFolder.open(
                TransformerTextModelTest.golden("roberta-tiny", "").toAbsolutePath(), "tiny");
        try (TextModel model = TransformerTextModel.load(folder, Inference.DEFAULT)) {
            soak("a small RoBERTa, " + ((TransformerTextModel) model).precision(), model, texts);
        }
    }

    private static void soak(String what, TextModel model, List<String> texts) throws IOException {
        Scorer scorer = new Scorer(model, LONGEST);
        Random random = new Random(1);
        List<Long> resident = new ArrayList<>();
        int done = 0;
        while (done < TWEETS) {
            if (resident.size() * (TWEETS / 4) <= done) {
                resident.add(residentMegabytes());
            }
            List<String> batch = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                // Now and then a text of another length than tweets have.
                String text = texts.get(random.nextInt(texts.size()));
                batch.add(random.nextInt(200) == 0 ? text.repeat(1 + random.nextInt(30)) : text + done);
            }
            scorer.score(batch);
            done += BATCH;
        }
        resident.add(residentMegabytes());
        Bench.line("%-46s RSS at 0, 25, 50, 75, 100 %% of %d tweets: %s MB", what, TWEETS, resident);
    }

    private static long residentMegabytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        throw new IOException("no VmRSS in /proc/self/status");
    }
}
