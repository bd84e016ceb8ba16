package dev.murmuration.teacher.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.file.WeightsFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransformerProgramTest {

    /** What a GPU runs, on a processor: {@link TransformerTextModelTest} compares the other way with transformers. */
    @ParameterizedTest
    @CsvSource({
        "roberta-deep,false,1e-5",
        "bert-tiny,false,1e-5",
        "distilbert-tiny,false,1e-5",
        "roberta-deep,true,2e-2"
    })
    void givesTheSameLogitsToTextsThatAreFilledUp(String name, boolean bf16, float tolerance) throws Exception {
        Path folder = TransformerTextModelTest.golden(name, "");
        TransformerShape shape = TransformerShape.of(
                new ObjectMapper().readTree(folder.resolve("config.json").toFile()));
        Random random = new Random(1);
        List<long[]> texts = new ArrayList<>();
        for (int length : List.of(2, 2, 3, 7, 7, 7, 20, 33)) {
            texts.add(IntStream.range(0, length)
                    .mapToLong(i -> 2 + random.nextInt(shape.vocabulary() - 2))
                    .toArray());
        }

        try (Weights weights = WeightsFile.open(folder.resolve("model.safetensors"));
                TransformerProgram grouped = TransformerProgram.load(shape, 3, weights, bf16, Device.cpu(), false);
                TransformerProgram padded = TransformerProgram.load(shape, 3, weights, bf16, Device.cpu(), true)) {
            float[] logits = padded.logits(texts);

            assertThat(logits).hasSize(3 * texts.size());
            float[] expected = grouped.logits(texts);
            for (int i = 0; i < logits.length; i++) {
                assertThat(logits[i]).as("logit %d", i).isCloseTo(expected[i], within(tolerance));
            }
        }
    }
}
