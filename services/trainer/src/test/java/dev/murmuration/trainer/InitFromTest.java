package dev.murmuration.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.murmuration.stage.GpuSettings;
import dev.murmuration.stage.GpuUse;
import dev.murmuration.stage.WorkFolder;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreSettings;
import dev.murmuration.student.network.ConvNet;
import dev.murmuration.student.network.Weight;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import dev.murmuration.trainer.run.DrawnSamples;
import dev.murmuration.trainer.run.Plan;
import dev.murmuration.trainer.run.TrainingRun;
import dev.murmuration.weights.safetensors.Safetensors;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A run that starts from a network of the predecessors as it was published; a small random VGG-19 in each layout by
 * {@code tools/caffe_golden.py}.
 */
class InitFromTest {

    private static final ConvNet VGG19 = ConvNet.named("vgg19-64-1");
    private static final String CAFFE = "vgg19/snapshot_iter_1.caffemodel";

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @ValueSource(strings = {"vgg19", CAFFE, "vgg19.pth", "vgg19.npy"})
    void beginsFromTheVeryWeightsOfTheFile(String model) throws Exception {
        try (TrainingRun run = open(beginning(model))) {
            assertThat(values(run)).isEqualTo(written());
        }
    }

    /** FT-A and FT-F of Vadicamo et al. (2017). */
    @ParameterizedTest
    @CsvSource({"vgg19, 0, conv", "vgg19, 1000000, fc6", "vgg19.npy, 0, conv", "vgg19.npy, 1000000, fc6"})
    void movesAllLayersOrTheFullyConnectedOnesAlone(String model, String headFirst, String lowest) throws Exception {
        Map<String, String> settings = beginning(model);
        settings.put("trainer.head-first-samples", headFirst);
        try (TrainingRun run = open(settings)) {
            run.learn(DrawnSamples.samples("a", 24, run.plan().keptSide()), 0, step -> true);

            assertThat(run.step()).isEqualTo(6);
            assertThat(differing(values(run), written()))
                    .as("everything from %s up moved, and nothing else", lowest)
                    .isEqualTo(new TreeSet<>(VGG19.weights().stream()
                            .map(Weight::name)
                            .filter(name -> lowest.equals("conv") || name.startsWith("fc"))
                            .toList()));
        }
    }

    @Test
    void beginsTheHeadAnewWhereThatIsAskedFor() throws Exception {
        Map<String, String> settings = beginning("vgg19");
        settings.put("trainer.new-head", "true");
        try (TrainingRun run = open(settings)) {
            assertThat(differing(values(run), written())).containsExactly("fc8.bias", "fc8.weight");
        }
    }

    @Test
    void beginsFromANetworkOfOtherClassesWithANewHead() throws Exception {
        try (TrainingRun run = open(beginning("imagenet.caffemodel"))) {
            float[] begun = values(run);

            assertThat(differing(begun, written())).containsExactly("fc8.bias", "fc8.weight");
            Weight head = VGG19.weights().get(VGG19.weights().size() - 2);
            assertThat(Arrays.copyOfRange(begun, head.offset(), head.offset() + head.length()))
                    .doesNotContain(0f);
        }
    }

    @Test
    void showsPhotosLessTheMeanThatLiesBesideOrThePublishedOne() throws Exception {
        assertThat(factory(beginning("vgg19")).plan().pixels()).isEqualTo(less(130, 120, 110));
        assertThat(factory(beginning("vgg19.npy")).plan().pixels()).isEqualTo(less(130.4602, 121.2751, 116.8007));
    }

    @ParameterizedTest
    @CsvSource({
        "gray.binaryproto, 'is [2, 2], not one image of three channels'",
        "negative.binaryproto, not a colour from 0 to 255",
        "vgg19.npy, damaged or truncated in tensor mean"
    })
    void refusesAMeanThatIsNone(String mean, String reason) throws Exception {
        Path model = copied(CAFFE, "snapshot.caffemodel");
        Path beside = copied(mean, "mean.binaryproto");

        refuses(model, VGG19.name(), beside.toString(), reason);
    }

    @Test
    void refusesAMeanThatWasCutOff() throws Exception {
        Path model = copied(CAFFE, "snapshot.caffemodel");
        Path beside = copied("vgg19/mean.binaryproto", "mean.binaryproto");
        Files.write(beside, Arrays.copyOf(Files.readAllBytes(beside), 40));

        refuses(model, VGG19.name(), beside.toString(), "truncated in tensor mean");
    }

    @ParameterizedTest
    @CsvSource({
        "vgg19, vgg19, 'is a vgg19-64-1, not a vgg19'",
        "vgg19.pth, hybrid-16-1, 'is a vgg19-64-1, not a hybrid-16-1'",
        "vgg19, vit-demo-16-64, 'is a vgg19-64-1, not a ViT'",
        "vgg19.npy, vit-demo-16-64, 'is a vgg19-64-1, not a ViT'"
    })
    void refusesAnotherNetworkThanTheOneThatItBegan(String model, String architecture, String reason) throws Exception {
        refuses(resource(model), architecture, resource(model).toString(), reason);
    }

    @Test
    void refusesAFileThatIsNotThereAndAFolderWithTwo() throws Exception {
        Path absent = temporary.resolve("absent.caffemodel");
        refuses(absent, VGG19.name(), absent.toString(), "there is no such file or folder");
        copied(CAFFE, "snapshot_iter_1.caffemodel");
        copied(CAFFE, "snapshot_iter_2.caffemodel");
        refuses(
                temporary,
                VGG19.name(),
                "may be any of [snapshot_iter_1.caffemodel, snapshot_iter_2.caffemodel]",
                "trainer.init-from");
    }

    @Test
    void namesTheNewSettingWhereTheFormerOneIsSet() throws Exception {
        Map<String, String> settings = settings(resource("vgg19"));
        settings.put("trainer.begin", "somewhere");

        assertThatExceptionOfType(ConfigValidationException.class)
                .isThrownBy(() -> factory(settings))
                .withMessageContaining("trainer.begin")
                .withMessageContaining("trainer.init-from");
    }

    // Before the platform is waited for, by the setting's name.
    private void refuses(Path model, String architecture, String what, String reason) {
        Map<String, String> settings = settings(model);
        settings.put("trainer.architecture", architecture);
        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> factory(settings).check())
                .withMessageContaining("trainer.init-from")
                .withMessageContaining(what)
                .withMessageContaining(reason);
    }

    private TrainingRun open(Map<String, String> settings) {
        TrainerFactory factory = factory(settings);
        factory.check();
        Plan plan = factory.plan();
        WorkFolder work = factory.workFolder();
        return factory.runs(plan, factory.shards(plan, work, () -> false), work).open(List.of());
    }

    private static TrainerFactory factory(Map<String, String> settings) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .addDiscoveredCustomizers()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .withMapping(StoreSettings.class)
                .withMapping(TrainerSettings.class)
                .withMapping(GpuSettings.class)
                .build();
        GpuSettings gpu = config.getConfigMapping(GpuSettings.class);
        return new TrainerFactory(
                config.getConfigMapping(TrainerSettings.class),
                new ObjectStore(config.getConfigMapping(StoreSettings.class)),
                gpu,
                new GpuUse(gpu, new SimpleMeterRegistry()));
    }

    private Map<String, String> beginning(String model) throws URISyntaxException {
        return settings(resource(model));
    }

    private Map<String, String> settings(Path model) {
        return new HashMap<>(Map.of(
                "trainer.architecture", VGG19.name(),
                "trainer.init-from", model.toString(),
                "trainer.batch", "8",
                "trainer.warmup-samples", "0",
                "trainer.average-decay", "0",
                "trainer.weight-decay", "0",
                "trainer.work-folder", temporary.resolve("work").toString()));
    }

    private Path copied(String from, String to) throws Exception {
        return Files.copy(resource(from), temporary.resolve(to));
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(InitFromTest.class.getResource("/begin/" + name), name)
                .toURI());
    }

    private static Pixels less(double red, double green, double blue) {
        return new Pixels(
                32,
                Resize.PILLOW_BILINEAR,
                List.of(red / 255, green / 255, blue / 255),
                List.of(1 / 255., 1 / 255., 1 / 255.));
    }

    private float[] values(TrainingRun run) throws IOException {
        return DrawnSamples.average(run, temporary.resolve("state"));
    }

    /** What PyTorch wrote, in our order. */
    private static float[] written() throws Exception {
        float[] all = new float[VGG19.weightCount()];
        try (Safetensors file = Safetensors.open(resource("weights.safetensors"))) {
            for (Weight weight : VGG19.weights()) {
                file.floats(weight.name(), FloatBuffer.wrap(all, weight.offset(), weight.length()));
            }
        }
        return all;
    }

    private static Set<String> differing(float[] some, float[] others) throws IOException {
        Set<String> names = new TreeSet<>();
        for (Weight weight : VGG19.weights()) {
            int to = weight.offset() + weight.length();
            if (!Arrays.equals(some, weight.offset(), to, others, weight.offset(), to)) {
                names.add(weight.name());
            }
        }
        return names;
    }
}
