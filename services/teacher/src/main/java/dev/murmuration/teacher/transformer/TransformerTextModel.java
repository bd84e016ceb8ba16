package dev.murmuration.teacher.transformer;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import dev.murmuration.programs.Torch;
import dev.murmuration.teacher.model.Classes;
import dev.murmuration.teacher.model.Inference;
import dev.murmuration.teacher.model.ModelException;
import dev.murmuration.teacher.model.ModelFolder;
import dev.murmuration.teacher.model.Precision;
import dev.murmuration.teacher.model.TextModel;
import dev.murmuration.weights.QuantizedWeights;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.file.WeightsFile;
import dev.murmuration.weights.file.WeightsFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A transformer encoder for sequence classification as transformers saves it: RoBERTa (Liu et al. 2019), BERT (Devlin et al.
 * 2019) or DistilBERT (Sanh et al. 2019). Texts are taken in windows, each sorted by length and cut into batches by tokens,
 * without padding; the next window is tokenised while this one is computed.
 */
public final class TransformerTextModel implements TextModel {

    /** {@code model_type} in {@code config.json}. */
    public static final Set<String> TYPES = Set.of("roberta", "xlm-roberta", "bert", "distilbert");

    private static final int PROBE_TOKENS = 32; // of each text
    private static final int PROBE_LIMIT = 8192; // of all
    private static final int PROBE_RUNS = 3;

    private final ModelFolder folder;
    private final Classes classes;
    private final Tokenizer tokenizer;
    private final TransformerProgram program;
    private final Precision precision;
    private final int batchTokens;
    private final int windowTexts;
    private final ExecutorService tokenizing = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("tokenizer").daemon().factory());

    private TransformerTextModel(
            ModelFolder folder,
            Classes classes,
            Tokenizer tokenizer,
            TransformerProgram program,
            Precision precision,
            int batchTokens,
            int windowTexts) {
        this.folder = folder;
        this.classes = classes;
        this.tokenizer = tokenizer;
        this.program = program;
        this.precision = precision;
        this.batchTokens = batchTokens;
        this.windowTexts = windowTexts;
    }

    /**
     * Loads a model of this kind.
     *
     * @throws ModelException if the folder lacks something or its parts do not fit each other
     */
    public static TransformerTextModel load(ModelFolder folder, Inference inference) {
        JsonNode config = folder.config();
        try {
            TransformerShape shape = TransformerShape.of(config);
            Classes classes = Classes.of(config);
            Path file = folder.file(
                    String.valueOf(WeightsFolder.weights(folder.path()).getFileName()));
            WeightsFolder.requireRoom(file, shape.weights());
            Tokenizer tokenizer = Tokenizer.load(folder, shape.maxTokens());
            try (Weights weights = new QuantizedWeights(WeightsFile.open(file))) {
                Device device = Torch.device(inference.device());
                Precision precision =
                        switch (inference.precision()) {
                            case FP32, BF16 -> inference.precision();
                            case AUTO ->
                                device.isGpu()
                                        ? Precision.BF16
                                        : faster(shape, classes.count(), weights, inference.batchTokens(false));
                        };
                TransformerProgram program =
                        TransformerProgram.load(shape, classes.count(), weights, precision == Precision.BF16, device);
                return new TransformerTextModel(
                        folder,
                        classes,
                        tokenizer,
                        program,
                        precision,
                        inference.batchTokens(device.isGpu()),
                        inference.windowTexts(device.isGpu()));
            } catch (IOException | RuntimeException e) {
                tokenizer.close();
                throw e;
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new ModelException(folder, e);
        }
    }

    /** Measures one layer in both on a processor, on a whole batch of texts of a tweet's length. */
    private static Precision faster(TransformerShape shape, int classes, Weights weights, int batchTokens)
            throws IOException {
        long fp32 = nanos(shape, classes, weights, false, batchTokens);
        return nanos(shape, classes, weights, true, batchTokens) < fp32 ? Precision.BF16 : Precision.FP32;
    }

    private static long nanos(TransformerShape shape, int classes, Weights weights, boolean bf16, int batchTokens)
            throws IOException {
        long[] text = new long[Math.min(PROBE_TOKENS, shape.maxTokens())];
        for (int i = 0; i < text.length; i++) {
            text[i] = i % shape.vocabulary();
        }
        List<long[]> texts = Collections.nCopies(Math.max(1, Math.min(batchTokens, PROBE_LIMIT) / text.length), text);
        try (TransformerProgram program =
                TransformerProgram.load(shape.ofLayers(1), classes, weights, bf16, Device.cpu())) {
            long least = Long.MAX_VALUE;
            for (int run = 0; run < PROBE_RUNS; run++) {
                long start = System.nanoTime();
                program.logits(texts);
                least = Math.min(least, System.nanoTime() - start);
            }
            return least;
        }
    }

    @Override
    public String name() {
        return folder.name();
    }

    @Override
    public String version() {
        return folder.version();
    }

    /** In which numbers it computes. */
    public Precision precision() {
        return precision;
    }

    @Override
    public float[][] probabilities(List<String> texts) {
        float[][] rows = logits(texts);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = classes.inOrder(softmax(rows[i]), 0);
        }
        return rows;
    }

    /** Logits (texts, classes) in the model's own order of classes. */
    float[][] logits(List<String> texts) {
        float[][] logits = new float[texts.size()][];
        List<List<String>> windows = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += windowTexts) {
            windows.add(texts.subList(from, Math.min(texts.size(), from + windowTexts)));
        }
        CompletableFuture<List<long[]>> next = tokenized(windows.getFirst());
        int at = 0;
        for (int w = 0; w < windows.size(); w++) {
            List<long[]> ids = next.join();
            if (w + 1 < windows.size()) {
                next = tokenized(windows.get(w + 1));
            }
            compute(ids, logits, at);
            at += ids.size();
        }
        return logits;
    }

    private CompletableFuture<List<long[]>> tokenized(List<String> window) {
        return CompletableFuture.supplyAsync(() -> tokenizer.ids(window), tokenizing);
    }

    private void compute(List<long[]> ids, float[][] into, int at) {
        int outputs = classes.count();
        int[] lengths = ids.stream().mapToInt(text -> text.length).toArray();
        List<int[]> batches = TokenBatches.of(lengths, batchTokens, program.pads());
        PackedTokens next = packed(ids, batches.getFirst());
        for (int b = 0; b < batches.size(); b++) {
            int[] batch = batches.get(b);
            try (TransformerProgram.Answers answers = program.queue(next)) {
                if (b + 1 < batches.size()) {
                    next = packed(ids, batches.get(b + 1)); // While a GPU computes.
                }
                float[] rows = answers.logits();
                for (int i = 0; i < batch.length; i++) {
                    into[at + batch[i]] = Arrays.copyOfRange(rows, i * outputs, (i + 1) * outputs);
                }
            }
        }
    }

    private PackedTokens packed(List<long[]> ids, int[] batch) {
        return program.packed(Arrays.stream(batch).mapToObj(ids::get).toList());
    }

    private static float[] softmax(float[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        double[] powers = new double[logits.length];
        for (int c = 0; c < logits.length; c++) {
            powers[c] = StrictMath.exp(logits[c] - largest);
            sum += powers[c];
        }
        float[] probabilities = new float[logits.length];
        for (int c = 0; c < logits.length; c++) {
            probabilities[c] = (float) (powers[c] / sum);
        }
        return probabilities;
    }

    @Override
    public void close() {
        tokenizing.shutdown();
        program.close();
        tokenizer.close();
    }
}
