package dev.murmuration.teacher.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.fuzz.Fuzzer;
import dev.murmuration.teacher.model.Classes;
import dev.murmuration.teacher.model.ModelException;
import dev.murmuration.teacher.model.ModelFolder;
import dev.murmuration.weights.file.WeightsFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the files of a model hold, the answer is a model or one line that says why not. */
class TeacherFuzzTest {

    @TempDir
    private Path folder;

    @Test
    void configurations() throws Exception {
        prepare();

        Fuzzer.Outcome outcome = fuzzer("config.json")
                .tokens("{\"a\":", "[", "\"problem_type\":", "null", "LABEL_0")
                .run(ModelException.class, input -> {
                    Files.write(folder.resolve("config.json"), input);
                    ModelFolder model = ModelFolder.open(folder, "m");
                    try {
                        TransformerShape shape = TransformerShape.of(model.config());
                        Classes.of(model.config());
                        WeightsFolder.requireRoom(folder.resolve("pytorch_model.bin"), shape.weights());
                    } catch (IllegalArgumentException | IOException e) {
                        throw new ModelException(model, e);
                    }
                });

        assertThat(outcome.ways()).isGreaterThan(6);
    }

    @Test
    void vocabularies() throws Exception {
        prepare();
        assertThat(tokenizer("vocab.json", "\"<s>\"", "{\"a\":", "[", "\"</s>\":")
                        .ways())
                .isGreaterThan(2);
    }

    @Test
    void merges() throws Exception {
        prepare();
        assertThat(tokenizer("merges.txt", "\n", " ", "#version").ways()).isGreaterThan(1);
    }

    private Fuzzer.Outcome tokenizer(String file, String... tokens) throws IOException {
        return fuzzer(file).tokens(tokens).run(ModelException.class, input -> {
            Files.write(folder.resolve(file), input);
            ModelFolder model = ModelFolder.open(folder, "m");
            try (Tokenizer tokenizer = Tokenizer.load(model, 16)) {
                assertThat(tokenizer.ids(List.of("a photo"))).hasSize(1);
            } catch (IllegalArgumentException | IOException e) {
                throw new ModelException(model, e);
            }
        });
    }

    private Fuzzer fuzzer(String file) throws IOException {
        return Fuzzer.ofFiles("teacher-" + file, List.of(folder.resolve(file)));
    }

    private void prepare() throws Exception {
        for (String file : List.of("config.json", "vocab.json", "merges.txt", "pytorch_model.bin")) {
            Files.copy(TransformerTextModelTest.golden("roberta-tiny", file), folder.resolve(file));
        }
    }
}
