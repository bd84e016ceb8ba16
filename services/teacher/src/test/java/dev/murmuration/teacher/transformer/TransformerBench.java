package dev.murmuration.teacher.transformer;

import ai.djl.Device;
import ai.djl.huggingface.translator.TextClassificationTranslatorFactory;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import dev.murmuration.programs.Attributes;
import dev.murmuration.programs.Torch;
import dev.murmuration.programs.TorchProgram;
import dev.murmuration.teacher.Bench;
import dev.murmuration.teacher.model.Inference;
import dev.murmuration.teacher.model.ModelFolder;
import dev.murmuration.teacher.model.Precision;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.file.WeightsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** RoBERTa-base, random, beside DJL's translator on the same weights. */
public final class TransformerBench {

    private static final int STOCK_TEXTS = 256;
    private static final int OUR_TEXTS = 1024;
    private static final int WARM_UP = 64;

    private TransformerBench() {}

    private interface Scoring {
        void score(List<String> texts) throws Exception;
    }

    public static void model(List<String> texts) throws Exception {
        Path folder = Files.createTempDirectory("murmuration-bench-");
        try {
            RandomTransformer.write(folder);
            Device device = Torch.device("auto");
            int count = device.isGpu() ? texts.size() - WARM_UP : OUR_TEXTS;
            double best = stock(folder, texts, device);
            for (Precision precision : List.of(Precision.FP32, Precision.BF16, Precision.AUTO)) {
                Inference inference = new Inference("auto", precision, Optional.empty(), Optional.empty());
                try (TransformerTextModel model =
                        TransformerTextModel.load(ModelFolder.open(folder, "random"), inference)) {
                    double rate = rate(texts, count, model::probabilities);
                    Bench.line(
                            "%-46s %8.1f tweets/s  %5.2f x",
                            "this teacher, precision=" + name(precision)
                                    + (precision == Precision.AUTO ? " (" + name(model.precision()) + ")" : ""),
                            rate,
                            rate / best);
                }
            }
        } finally {
            ModelFolder.remove(folder);
        }
    }

    public static String name(Precision precision) {
        return precision.name().toLowerCase(Locale.ROOT);
    }

    /** DJL as it is: the best of its two rates. */
    private static double stock(Path folder, List<String> texts, Device device) throws Exception {
        Path stock = Files.createTempDirectory("murmuration-bench-stock-");
        try {
            Files.copy(folder.resolve("config.json"), stock.resolve("config.json"));
            Files.copy(folder.resolve("tokenizer.json"), stock.resolve("tokenizer.json"));
            script(folder, stock.resolve("model.pt"));
            Criteria<String, Classifications> criteria = Criteria.builder()
                    .setTypes(String.class, Classifications.class)
                    .optModelPath(stock)
                    .optModelName("model")
                    .optEngine("PyTorch")
                    .optDevice(device)
                    .optTranslatorFactory(new TextClassificationTranslatorFactory())
                    .build();
            try (ZooModel<String, Classifications> model = criteria.loadModel();
                    Predictor<String, Classifications> predictor = model.newPredictor()) {
                double single = rate(texts, STOCK_TEXTS, some -> {
                    for (String text : some) {
                        predictor.predict(text);
                    }
                });
                double batched = rate(texts, STOCK_TEXTS, some -> {
                    for (int from = 0; from < some.size(); from += 32) {
                        predictor.batchPredict(some.subList(from, Math.min(some.size(), from + 32)));
                    }
                });
                double best = Math.max(single, batched);
                Bench.line("%-46s %8.1f tweets/s  %5.2f x", "DJL's translator, fp32, batch 1", single, single / best);
                Bench.line(
                        "%-46s %8.1f tweets/s  %5.2f x",
                        "DJL's translator, fp32, batch 32, padded", batched, batched / best);
                return best;
            }
        } finally {
            ModelFolder.remove(stock);
        }
    }

    /** Writes RoBERTa-base's program, without weights, in both precisions: {@code roberta.<precision>.pt}. */
    public static void export(Path folder) throws Exception {
        Path model = Files.createTempDirectory("murmuration-bench-");
        try {
            RandomTransformer.write(model);
            TransformerShape shape =
                    TransformerShape.of(ModelFolder.open(model, "random").config());
            for (boolean bf16 : List.of(true, false)) {
                try (TorchProgram program = TorchProgram.load(
                        TransformerProgram.class, "encoder.py", shape.attributes(bf16), Device.cpu())) {
                    program.save(folder.resolve(bf16 ? "roberta.bf16.pt" : "roberta.fp32.pt"));
                }
            }
        } finally {
            ModelFolder.remove(model);
        }
    }

    private static void script(Path folder, Path archive) throws IOException {
        TransformerShape shape =
                TransformerShape.of(ModelFolder.open(folder, "random").config());
        Attributes attributes = Attributes.none()
                .with("layers", shape.layers())
                .with("heads", shape.heads())
                .with("eps", shape.epsilon());
        try (TorchProgram program =
                        TorchProgram.load(TransformerBench.class, "padded_encoder.py", attributes, Device.cpu());
                Weights weights = WeightsFile.open(folder.resolve("model.safetensors"))) {
            for (TransformerShape.Named tensor : RandomTransformer.tensors(shape)) {
                try (NDManager scope = program.newScope()) {
                    program.call(scope, "take", new NDList(weights.array(tensor.name(), scope)));
                }
            }
            program.save(archive);
        }
    }

    private static double rate(List<String> texts, int count, Scoring scoring) throws Exception {
        scoring.score(texts.subList(count, count + WARM_UP));
        long start = System.nanoTime();
        scoring.score(texts.subList(0, count));
        return count / ((System.nanoTime() - start) / 1e9);
    }
}
