package dev.murmuration.student;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StudentFolderTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void aFolderOfTransformers() throws IOException {
        for (String file : List.of("config.json", "model.safetensors", "preprocessor_config.json")) {
            Files.copy(Golden.file("vit/" + file), folder.resolve(file));
        }
    }

    @Test
    void readsAFolderOfTransformers() throws IOException {
        StudentFolder read = StudentFolder.read(folder);

        assertThat(read.architecture()).isEqualTo(new Architecture(16, 8, 16, 2, 2, 40, 1e-6));
        assertThat(read.pixels())
                .isEqualTo(new Pixels(16, Resize.PILLOW_BILINEAR, List.of(.5, .4, .3), List.of(.2, .25, .3)));
    }

    @Test
    void readsWhatItWrote() throws IOException {
        StudentFolder first = StudentFolder.read(folder);
        Pixels pixels = Pixels.symmetric(16, Resize.TF_BILINEAR);
        Path copy = folder.resolve("copy");

        StudentFolder.write(copy, first.architecture(), pixels, FloatBuffer.wrap(first.weights()));

        StudentFolder second = StudentFolder.read(copy);
        assertThat(second.architecture()).isEqualTo(first.architecture());
        assertThat(second.pixels()).isEqualTo(pixels);
        assertThat(second.weights()).isEqualTo(first.weights());
    }

    @Test
    void putsTheHeadsClassesIntoOurOrder() throws IOException {
        float[] ours = StudentFolder.read(folder).weights();
        replace("config.json", "\"0\": \"negative\"", "\"0\": \"Positive\"");
        replace("config.json", "\"2\": \"positive\"", "\"2\": \"NEGATIVE\"");

        float[] turned = StudentFolder.read(folder).weights();

        int last = ours.length - 1;
        assertThat(turned[last]).isEqualTo(ours[last - 2]);
        assertThat(turned[last - 1]).isEqualTo(ours[last - 1]);
        int head = ours.length - 3 - 3 * 16;
        assertThat(java.util.Arrays.copyOfRange(turned, head, head + 16))
                .isEqualTo(java.util.Arrays.copyOfRange(ours, head + 32, head + 48));
        assertThat(java.util.Arrays.copyOf(turned, head)).isEqualTo(java.util.Arrays.copyOf(ours, head));
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model.safetensors", "preprocessor_config.json"})
    void namesAMissingFile(String file) throws IOException {
        Files.delete(folder.resolve(file));

        assertThatThrownBy(() -> Student.load(folder, Device.cpu(), Precision.FP32))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file)
                .hasMessageContaining("no such file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "config.json|\"model_type\": \"vit\"|\"model_type\": \"deit\"|model_type",
                "config.json|\"hidden_size\": 16|\"hidden_size\": 15|width 15",
                "config.json|\"hidden_size\": 16|\"hidden_size\": \"x\"|hidden_size",
                "config.json|\"hidden_size\": 16|\"hidden_size\": 18|must be [18, 3, 8, 8], and is [16, 3, 8, 8]",
                "config.json|\"num_hidden_layers\": 2|\"num_hidden_layers\": 3|missing",
                "config.json|\"hidden_act\": \"gelu\"|\"hidden_act\": \"relu\"|gelu",
                "config.json|\"num_channels\": 3|\"num_channels\": 1|num_channels",
                "config.json|\"2\": \"positive\"|\"2\": \"LABEL_2\"|id2label",
                "config.json|\"model_type\"|model_type|config.json",
                "preprocessor_config.json|\"resample\": 2|\"resample\": 3|resample is 3",
                "preprocessor_config.json|\"resample\": 2|\"murmuration_resize\": \"x\"|resize 'x'",
                "preprocessor_config.json|\"height\": 16|\"height\": 24|size",
                "preprocessor_config.json|\"image_std\"|\"image_deviation\"|deviation",
            })
    void refusesWhatItCannotRun(String file, String part, String other, String complaint) throws IOException {
        replace(file, part, other);

        assertThatThrownBy(() -> Student.load(folder, Device.cpu(), Precision.FP32))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(complaint);
    }

    private void replace(String file, String part, String other) throws IOException {
        String text = Files.readString(folder.resolve(file));
        assertThat(text).contains(part);
        Files.writeString(folder.resolve(file), text.replace(part, other));
    }
}
