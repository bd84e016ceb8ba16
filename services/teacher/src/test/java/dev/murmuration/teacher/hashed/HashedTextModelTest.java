package dev.murmuration.teacher.hashed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.murmuration.teacher.model.Inference;
import dev.murmuration.teacher.model.ModelException;
import dev.murmuration.teacher.model.ModelFolder;
import dev.murmuration.teacher.model.ModelSources;
import dev.murmuration.teacher.score.LoadedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashedTextModelTest {

    private static final int BITS = 4;

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        HashedModelFile.write(new LinearClassifier(new float[3 << BITS], new float[] {0, 1, 2}), BITS, folder);
    }

    @Test
    void givesItsOutputsInOurOrderWhateverItsOwn() throws IOException {
        float[] own = probabilities();
        config(
                "{\"model_type\": \"hashed-ngrams\", \"hash_bits\": 4, \"id2label\": {\"0\": \"Positive\", \"1\": \"NEGATIVE\", \"2\": \"neutral\"}}");

        assertThat(probabilities()).containsExactly(own[1], own[2], own[0]);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model_type\": \"hashed-ngrams\", \"hash_bits\": 4, \"id2label\": {\"0\": \"negative\", \"1\": \"positive\"}} | id2label is {\"0\":\"negative\",\"1\":\"positive\"}; it must name negative, neutral and positive",
                "{\"model_type\": \"hashed-ngrams\", \"hash_bits\": 4, \"id2label\": {\"0\": \"negative\", \"1\": \"LABEL_1\", \"2\": \"positive\"}} | it must name negative, neutral and positive",
                "{\"model_type\": \"hashed-ngrams\", \"hash_bits\": 4} | id2label is missing",
                "{\"model_type\": \"hashed-ngrams\", \"hash_bits\": 5, \"id2label\": {\"0\": \"negative\", \"1\": \"neutral\", \"2\": \"positive\"}} | tensor weight is [16, 3], not [32, 3]",
                "{\"model_type\": \"hashed-ngrams\", \"id2label\": {\"0\": \"negative\", \"1\": \"neutral\", \"2\": \"positive\"}} | 2^0 buckets",
                "{\"model_type\": \"gpt2\"} | config.json says model_type = gpt2",
                "{\"model_type\": | cannot be read",
                "[] | config.json says model_type = none",
            })
    void namesWhatIsWrongWithAConfig(String config, String problem) throws IOException {
        config(config);

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(this::probabilities)
                .withMessageContaining(folder.toString())
                .withMessageContaining(problem);
    }

    @Test
    void namesTheFileThatIsMissing() throws IOException {
        Files.delete(folder.resolve("model.safetensors"));

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(this::probabilities)
                .withMessageEndingWith("model.safetensors is missing");
    }

    @Test
    void namesTheConfigThatIsMissing() throws IOException {
        Files.delete(folder.resolve("config.json"));

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(this::probabilities)
                .withMessageEndingWith("config.json is missing");
    }

    @Test
    void namesTheFolderThatIsMissing() {
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> LoadedModel.load(
                        folder.resolve("nowhere").toString(), ModelSources.forTools(), Inference.DEFAULT))
                .withMessage("model %s/nowhere: no such folder", folder);
    }

    @Test
    void namesATruncatedFile() throws IOException {
        Path weights = folder.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, java.util.Arrays.copyOf(bytes, bytes.length - 1));

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(this::probabilities)
                .withMessageContaining("model.safetensors");
    }

    @Test
    void changesItsVersionWithEachOfItsFiles() throws IOException {
        String before = ModelFolder.open(folder, "m").version();
        Files.writeString(folder.resolve("README.md"), "says nothing about what is computed");
        assertThat(ModelFolder.open(folder, "m").version()).isEqualTo(before);

        Files.writeString(folder.resolve("config.json"), Files.readString(folder.resolve("config.json")) + " ");
        assertThat(ModelFolder.open(folder, "m").version()).isNotEqualTo(before);
    }

    private float[] probabilities() {
        try (LoadedModel loaded = LoadedModel.load(folder.toString(), ModelSources.forTools(), Inference.DEFAULT)) {
            return loaded.model().probabilities(List.of("a text"))[0];
        }
    }

    private void config(String content) throws IOException {
        Files.writeString(folder.resolve("config.json"), content);
    }
}
