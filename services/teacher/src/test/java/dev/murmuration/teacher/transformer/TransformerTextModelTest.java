package dev.murmuration.teacher.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.teacher.model.Inference;
import dev.murmuration.teacher.model.ModelException;
import dev.murmuration.teacher.model.ModelFolder;
import dev.murmuration.teacher.model.Precision;
import dev.murmuration.teacher.score.Scorer;
import dev.murmuration.teacher.score.Verdict;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The random models of {@code tools/golden_transformers.py}, with transformers' ids and logits for texts of 2 to 512 tokens. */
public class TransformerTextModelTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Inference FP32 = new Inference("cpu", Precision.FP32, 300, 16);
    private static final Inference BF16 = new Inference("cpu", Precision.BF16, 300, 16);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "roberta-tiny,FP32,1e-4",
        "roberta-deep,FP32,1e-4",
        "bert-tiny,FP32,1e-4",
        "distilbert-tiny,FP32,1e-4",
        "roberta-tiny,BF16,2e-2",
        "roberta-deep,BF16,2e-2",
        "bert-tiny,BF16,2e-2",
        "distilbert-tiny,BF16,2e-2"
    })
    void givesTheLogitsOfTransformers(String name, Precision precision, float tolerance) throws Exception {
        JsonNode golden = golden(name);
        List<String> texts = texts(golden);

        float[][] logits;
        try (TransformerTextModel model = load(golden(name, ""), new Inference("cpu", precision, 300, 16))) {
            logits = model.logits(texts);
        }

        for (int i = 0; i < texts.size(); i++) {
            for (int c = 0; c < 3; c++) {
                assertThat(logits[i][c])
                        .as("logit %d of text %d", c, i)
                        .isCloseTo((float) golden.get("fp32").get(i).get(c).asDouble(), within(tolerance));
            }
        }
    }

    /** As HashedTextModel promises it too: two runs over one stream give the same scores however the stream is cut into batches. */
    @ParameterizedTest
    @CsvSource({"FP32", "BF16"})
    void scoresATextTheSameInEveryBatch(Precision precision) throws Exception {
        List<String> texts = new ArrayList<>(texts(golden("roberta-deep")));
        Path model = golden("roberta-deep", "");
        float[][] together;
        try (TransformerTextModel one = load(model, new Inference("cpu", precision, 4096, 512))) {
            together = one.probabilities(texts);
        }
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, texts.size()).boxed().toList());
        Collections.shuffle(order, new Random(3));

        try (TransformerTextModel other = load(model, new Inference("cpu", precision, 64, 7))) {
            for (int from = 0; from < order.size(); from += 5) {
                List<Integer> some = order.subList(from, Math.min(order.size(), from + 5));
                float[][] few =
                        other.probabilities(some.stream().map(texts::get).toList());
                for (int i = 0; i < few.length; i++) {
                    assertThat(few[i]).isEqualTo(together[some.get(i)]);
                }
            }
        }
    }

    @Test
    void givesProbabilitiesInOurOrderWhateverItsOwn() throws Exception {
        try (TransformerTextModel model = load(golden("roberta-deep", ""), FP32)) {
            float[] logits = model.logits(List.of("what a day"))[0]; // Positive, Negative, Neutral
            double sum = Math.exp(logits[0]) + Math.exp(logits[1]) + Math.exp(logits[2]);

            float[] probabilities = model.probabilities(List.of("what a day"))[0];

            assertThat(probabilities[0]).isCloseTo((float) (Math.exp(logits[1]) / sum), within(1e-6f));
            assertThat(probabilities[1]).isCloseTo((float) (Math.exp(logits[2]) / sum), within(1e-6f));
            assertThat(probabilities[2]).isCloseTo((float) (Math.exp(logits[0]) / sum), within(1e-6f));
        }
    }

    @Test
    void scoresWhateverATextIs() throws Exception {
        List<String> texts = List.of(
                "",
                "\ud83d",
                "\udc00\ud83d",
                "\ud83d\ude00\ud83d",
                "\u0000",
                "x".repeat(100_000),
                "\ud83d\ude00".repeat(20_000),
                "null",
                "</s>",
                "<pad>".repeat(300));

        try (TransformerTextModel model = load(golden("roberta-tiny", ""), BF16)) {
            for (Verdict verdict : new Scorer(model, Integer.MAX_VALUE).score(texts)) {
                assertThat(verdict).isInstanceOf(Verdict.Scored.class);
            }
        }
    }

    @Test
    void choosesAPrecisionByItself() throws Exception {
        try (TransformerTextModel model = load(golden("roberta-tiny", ""), Inference.DEFAULT)) {
            assertThat(model.precision()).isIn(Precision.FP32, Precision.BF16);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hidden_size | 16 | tensor roberta.embeddings.word_embeddings.weight is [371, 32], not [371, 16]",
                "hidden_size | 30 | hidden_size = 30 is not a multiple of num_attention_heads = 4",
                "num_hidden_layers | 3 | tensor roberta.encoder.layer.2.attention.self.query.weight is missing",
                "intermediate_size | 0 | config.json says intermediate_size = 0",
                "max_position_embeddings | 4 | leave no room for a text",
                "vocab_size | 999 | tensor roberta.embeddings.word_embeddings.weight is [371, 32], not [999, 32]",
                "hidden_act | \"relu\" | config.json says hidden_act = \"relu\"; this teacher computes gelu",
                "position_embedding_type | \"relative_key\" | this teacher computes absolute",
                "id2label | {\"0\": \"negative\", \"1\": \"positive\"} | it must name negative, neutral and positive",
                "id2label | {\"0\": \"LABEL_0\", \"1\": \"LABEL_1\", \"2\": \"LABEL_2\"} | it must name negative, neutral and positive",
                "pad_token_id | 400 | pad_token_id = 400",
            })
    void namesWhatDoesNotFit(String field, String value, String problem) throws Exception {
        copy("roberta-tiny");
        Path config = folder.resolve("config.json");
        ObjectNode changed = (ObjectNode) JSON.readTree(config.toFile());
        changed.set(field, JSON.readTree(value));
        JSON.writeValue(config.toFile(), changed);

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> load(folder, FP32))
                .withMessageStartingWith("model " + folder + ": ")
                .withMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "vocab.json,vocab.json is missing",
        "merges.txt,merges.txt is missing",
        "pytorch_model.bin,model.safetensors is missing"
    })
    void namesTheFileThatIsMissing(String file, String problem) throws Exception {
        copy("roberta-tiny");
        Files.delete(folder.resolve(file));

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> load(folder, FP32))
                .withMessageEndingWith(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "tokenizer.json,its tokenizer cannot be loaded",
        "vocab.json,vocab.json has no <s>",
        "pytorch_model.bin,pytorch_model.bin"
    })
    void namesTheFileThatIsSomethingElse(String file, String problem) throws Exception {
        copy("roberta-tiny");
        Files.writeString(folder.resolve(file), "{\"nothing\": 1}");

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> load(folder, FP32))
                .withMessageContaining(problem);
    }

    private void copy(String name) throws Exception {
        try (Stream<Path> files = Files.list(golden(name, ""))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName().toString()));
            }
        }
    }

    private static TransformerTextModel load(Path path, Inference inference) {
        return TransformerTextModel.load(ModelFolder.open(path, "m"), inference);
    }

    private static List<String> texts(JsonNode golden) {
        List<String> texts = new ArrayList<>();
        golden.get("texts").forEach(text -> texts.add(text.asText()));
        return texts;
    }

    static JsonNode golden(String name) throws IOException, URISyntaxException {
        return JSON.readTree(Files.readAllBytes(golden(name, "golden.json")));
    }

    public static Path golden(String name, String file) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(
                                TransformerTextModelTest.class.getResource("/golden/" + name + "/golden.json"))
                        .toURI())
                .resolveSibling(file);
    }
}
