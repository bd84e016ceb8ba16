package dev.murmuration.student;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.file.WeightsFile;
import dev.murmuration.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
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
                "config.json|\"hidden_size\": 16|\"hidden_size\": 1073741824|is too large",
                "config.json|\"hidden_size\": 16|\"hidden_size\": 65536|is too large",
                "config.json|\"hidden_size\": 16|\"hidden_size\": 4096|too few for the",
                "config.json|\"hidden_size\": 16|\"hidden_size\": -16|an invalid ViT",
                "config.json|\"hidden_size\": 16|\"hidden_size\": 1e400|hidden_size",
                "config.json|\"num_hidden_layers\": 2|\"num_hidden_layers\": 100000000|is too large",
                "config.json|\"num_hidden_layers\": 2|\"num_hidden_layers\": 1024|too few for the",
                "config.json|\"image_size\": 16|\"image_size\": 1073741824|is too large",
                "config.json|\"patch_size\": 8|\"patch_size\": 0|an invalid ViT",
                "config.json|\"model_type\": \"vit\"|\"model_type\": \"hybrid\", \"cells\": 64, \"widths\": [96, 256, 384, 384, 65536], \"dense\": [65536, 65536]|is too large",
                "config.json|\"2\": \"positive\"|\"x\": \"positive\"|id2label",
                "config.json|\"num_channels\": 3|\"num_channels\": 3, \"problem_type\": \"multi_label_classification\"|problem_type",
                "preprocessor_config.json|\"resample\": 2|\"resample\": 3|resample is 3",
                "preprocessor_config.json|\"resample\": 2|\"resample\": \"bicubic\"|resample is \"bicubic\"",
                "preprocessor_config.json|\"resample\": 2|\"resample\": 2, \"do_center_crop\": true, \"crop_size\": 8|crop_size is 8",
                "preprocessor_config.json|\"resample\": 2|\"resample\": 2, \"do_pad\": true|do_pad is true",
                "preprocessor_config.json|\"do_resize\": true|\"do_resize\": false|do_resize is false",
                "preprocessor_config.json|\"do_resize\": true|\"do_resize\": \"yes\"|do_resize is \"yes\"",
                "preprocessor_config.json|\"do_resize\": true|\"do_convert_rgb\": false|do_convert_rgb is false",
                "preprocessor_config.json|\"ViTImageProcessor\"|\"CLIPImageProcessor\"|CLIPImageProcessor",
                "preprocessor_config.json|\"rescale_factor\": 0.00392156862745098|\"rescale_factor\": 0|rescale_factor is 0",
                "preprocessor_config.json|\"height\": 16|\"shortest_edge\": 16|size is",
                "preprocessor_config.json|\"resample\": 2|\"murmuration_resize\": \"x\"|resize 'x'",
                "preprocessor_config.json|\"height\": 16|\"height\": 24|size",
                "preprocessor_config.json|\"image_std\"|\"image_deviation\"|image_std is missing",
            })
    void refusesWhatItCannotRun(String file, String part, String other, String complaint) throws IOException {
        replace(file, part, other);

        assertThatThrownBy(() -> Student.load(folder, Device.cpu(), Precision.FP32))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(complaint)
                .extracting(Throwable::getMessage)
                .satisfies(message -> assertThat(message.lines()).hasSize(1));
    }

    @Test
    void makesUpForAnotherFactorInMeanAndDeviation() throws IOException {
        replace("preprocessor_config.json", "0.00392156862745098", "0.00784313725490196");

        Pixels doubled = StudentFolder.read(folder).pixels();

        assertThat(doubled.mean()).containsExactly(.25, .2, .15);
        assertThat(doubled.deviation()).containsExactly(.1, .125, .15);
    }

    @Test
    void takesBytesAsTheyAreWhereNothingIsRescaled() throws IOException {
        replace("preprocessor_config.json", "\"do_rescale\": true", "\"do_rescale\": false");

        Pixels bytes = StudentFolder.read(folder).pixels();

        assertThat(bytes.of(new byte[3 * 16 * 16], false)[0]).isEqualTo(-.5f / .2f);
        byte[] white = new byte[3 * 16 * 16];
        Arrays.fill(white, (byte) 255);
        assertThat(bytes.of(white, false)[0]).isCloseTo((255 - .5f) / .2f, within(1e-3f));
    }

    @Test
    void readsASquareThatIsCroppedToItself() throws IOException {
        replace(
                "preprocessor_config.json",
                "\"do_resize\": true",
                "\"do_center_crop\": true, \"crop_size\": {\"height\": 16, \"width\": 16}");

        assertThat(StudentFolder.read(folder).pixels().side()).isEqualTo(16);
    }

    @Test
    void refusesADescriptionThatIsNestedDeeply() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"a\":".repeat(100_000));

        assertThatThrownBy(() -> StudentFolder.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nesting depth");
    }

    @Test
    void readsWeightsInSeveralFiles() throws IOException {
        float[] whole = StudentFolder.read(folder).weights();
        shard("model.safetensors.index.json");

        assertThat(StudentFolder.read(folder).weights()).isEqualTo(whole);
        assertThat(StudentFolder.weightsFile(folder)).isEqualTo(folder.resolve("model.safetensors.index.json"));
    }

    @Test
    void namesAFileThatAnIndexMisses() throws IOException {
        shard("model.safetensors.index.json");
        Files.delete(folder.resolve("model-00002-of-00002.safetensors"));

        assertThatThrownBy(() -> StudentFolder.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("model-00002-of-00002.safetensors");
    }

    @Test
    void readsNoFileThatLiesElsewhere() throws IOException {
        shard("model.safetensors.index.json");
        replace(
                "model.safetensors.index.json",
                "model-00002-of-00002.safetensors",
                "../model-00002-of-00002.safetensors");

        assertThatThrownBy(() -> StudentFolder.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not in a file beside it");
    }

    /** As transformers does it: every second tensor goes to the second file. */
    private void shard(String index) throws IOException {
        Path whole = folder.resolve("model.safetensors");
        List<SequencedMap<String, long[]>> shapes = List.of(new LinkedHashMap<>(), new LinkedHashMap<>());
        StringBuilder map = new StringBuilder();
        try (Weights weights = WeightsFile.open(whole)) {
            int next = 0;
            for (TensorEntry entry : weights.tensors().values()) {
                shapes.get(next)
                        .put(
                                entry.name(),
                                entry.shape().stream()
                                        .mapToLong(Long::longValue)
                                        .toArray());
                map.append(map.isEmpty() ? "" : ", ").append("\"%s\": \"%s\"".formatted(entry.name(), shardName(next)));
                next = 1 - next;
            }
            for (int i = 0; i < 2; i++) {
                try (OutputStream out = Files.newOutputStream(folder.resolve(shardName(i)));
                        SafetensorsWriter writer = SafetensorsWriter.to(out, shapes.get(i), Map.of("format", "pt"))) {
                    for (String name : shapes.get(i).keySet()) {
                        writer.write(FloatBuffer.wrap(weights.floats(name)));
                    }
                }
            }
        }
        Files.writeString(folder.resolve(index), "{\"metadata\": {}, \"weight_map\": {%s}}".formatted(map));
        Files.delete(whole);
    }

    private static String shardName(int i) {
        return "model-0000%d-of-00002.safetensors".formatted(i + 1);
    }

    private void replace(String file, String part, String other) throws IOException {
        String text = Files.readString(folder.resolve(file));
        assertThat(text).contains(part);
        Files.writeString(folder.resolve(file), text.replace(part, other));
    }
}
