package dev.murmuration.student;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.fuzz.Fuzzer;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.file.WeightsFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the descriptions of a student say, the answer is its weights or one line that says why not. */
class StudentFolderFuzzTest {

    private static final List<String> FILES = List.of("config.json", "model.safetensors", "preprocessor_config.json");

    @TempDir
    private Path folder;

    @Test
    void configurations() throws Exception {
        byte[] net =
                ("{\"model_type\":\"hybrid\",\"image_size\":64,\"cells\":1,\"widths\":[6,16,24,24,16],\"dense\":[256,256],"
                                + "\"id2label\":{\"0\":\"negative\",\"1\":\"neutral\",\"2\":\"positive\"}}")
                        .getBytes(StandardCharsets.UTF_8);

        Fuzzer.Outcome outcome = fuzzed(
                "config.json",
                Fuzzer.of("student-config", List.of(Files.readAllBytes(Golden.file("vit/config.json")), net))
                        .tokens(
                                "{\"a\":",
                                "[",
                                "\"head_pooling\":\"mean\",",
                                "\"problem_type\":null,",
                                "\"layer_norm_eps\":",
                                "vgg19",
                                "caffenet",
                                "\"image_size\":",
                                "\"num_hidden_layers\":"));

        assertThat(outcome.ways()).isGreaterThan(6);
    }

    @Test
    void preprocessors() throws Exception {
        Fuzzer.Outcome outcome = fuzzed(
                "preprocessor_config.json",
                Fuzzer.ofFiles("preprocessor", List.of(Golden.file("vit/preprocessor_config.json")))
                        .tokens(
                                "{\"a\":",
                                "[",
                                "\"do_center_crop\":true,",
                                "\"crop_size\":16,",
                                "\"murmuration_resize\":\"",
                                "null",
                                "true"));

        assertThat(outcome.ways()).isGreaterThan(6);
    }

    @Test
    void indicesOfWeightsInSeveralFiles() throws Exception {
        prepare();
        Path part = folder.resolve("part.safetensors");
        Files.move(folder.resolve("model.safetensors"), part);
        String map;
        try (Weights weights = WeightsFile.open(part)) {
            map = weights.tensors().keySet().stream()
                    .map(name -> "\"%s\":\"part.safetensors\"".formatted(name))
                    .collect(Collectors.joining(","));
        }
        byte[] index = "{\"metadata\":{\"total_size\":4},\"weight_map\":{%s}}"
                .formatted(map)
                .getBytes(StandardCharsets.UTF_8);

        Fuzzer.Outcome outcome = fuzzed(
                "model.safetensors.index.json",
                Fuzzer.of("index", List.of(index)).tokens("{\"a\":", "[", "../", "part.safetensors", ".index.json"));

        assertThat(outcome.ways()).isGreaterThan(4);
        assertThat(outcome.refused()).isLessThan(outcome.inputs());
    }

    private void prepare() throws IOException {
        for (String file : FILES) {
            Files.copy(Golden.file("vit/" + file), folder.resolve(file));
        }
    }

    private Fuzzer.Outcome fuzzed(String name, Fuzzer fuzzer) throws IOException {
        if (!Files.exists(folder.resolve("config.json"))) {
            prepare();
        }
        return fuzzer.run(IOException.class, input -> {
            Files.write(folder.resolve(name), input);
            StudentFolder read = StudentFolder.read(folder);
            assertThat(read.weights()).hasSize(read.architecture().weightCount());
        });
    }
}
