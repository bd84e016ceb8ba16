package dev.murmuration.teacher.transformer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.teacher.Bench;
import dev.murmuration.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;

/** A folder with a randomly initialised RoBERTa-base: 125 million parameters, as transformers would save it. */
public final class RandomTransformer {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double DEVIATION = .02;

    private RandomTransformer() {}

    /** Writes config, tokenizer and weights. */
    public static void write(Path folder) throws Exception {
        ObjectNode config = JSON.createObjectNode();
        config.put("model_type", "roberta").put("vocab_size", 50_265).put("max_position_embeddings", 514);
        config.put("type_vocab_size", 1).put("hidden_size", 768).put("intermediate_size", 3072);
        config.put("num_hidden_layers", 12).put("num_attention_heads", 12).put("pad_token_id", 1);
        config.put("layer_norm_eps", 1e-5).put("hidden_act", "gelu").put("problem_type", "single_label_classification");
        config.putArray("architectures").add("RobertaForSequenceClassification");
        config.putObject("id2label").put("0", "negative").put("1", "neutral").put("2", "positive");
        Files.write(folder.resolve("config.json"), JSON.writeValueAsBytes(config));
        Path vocabulary = Bench.root().resolve("../shared/data/roberta-tokenizer");
        for (String file : List.of("vocab.json", "merges.txt")) {
            Path from = Files.exists(vocabulary)
                    ? vocabulary.resolve(file)
                    : TransformerTextModelTest.golden("roberta-tiny", file);
            Files.copy(from, folder.resolve(file));
        }
        Files.write(
                folder.resolve("tokenizer.json"),
                JSON.writeValueAsBytes(
                        Tokenizer.byteLevel(folder.resolve("vocab.json"), folder.resolve("merges.txt"))));
        weights(TransformerShape.of(config), folder.resolve("model.safetensors"));
    }

    /** All tensors, in the order of the program of the peer. */
    static List<TransformerShape.Named> tensors(TransformerShape shape) {
        List<TransformerShape.Named> tensors = new ArrayList<>(shape.embeddings());
        for (int layer = 0; layer < shape.layers(); layer++) {
            tensors.addAll(shape.layer(layer));
        }
        tensors.addAll(shape.head(3));
        return tensors;
    }

    private static void weights(TransformerShape shape, Path file) throws IOException {
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
        tensors(shape)
                .forEach(tensor -> shapes.put(
                        tensor.name(),
                        tensor.shape().stream().mapToLong(Long::longValue).toArray()));
        Random random = new Random(1);
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, shapes, Map.of("format", "pt"))) {
            for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
                int count = 1;
                for (long dimension : tensor.getValue()) {
                    count = Math.toIntExact(count * dimension);
                }
                float[] values = new float[count];
                boolean norm = tensor.getKey().endsWith("LayerNorm.weight");
                for (int i = 0; i < count; i++) {
                    values[i] = norm ? 1 : (float) (DEVIATION * random.nextGaussian());
                }
                writer.write(FloatBuffer.wrap(values));
            }
        }
    }
}
