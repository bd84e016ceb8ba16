package dev.murmuration.evaluator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.evaluator.BrightnessStudent;
import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreSettings;
import dev.murmuration.student.network.Architecture;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class ModelNamesTest {

    @TempDir
    Path temporary;

    private final List<Checkpoint> checkpoints = new ArrayList<>();
    private final List<Accuracy> accuracies = new ArrayList<>();
    private final Map<String, String> given = new HashMap<>();
    private final ModelNames.Announced announced = new ModelNames.Announced() {
        @Override
        public List<Checkpoint> checkpoints() {
            return checkpoints;
        }

        @Override
        public List<Accuracy> accuracies() {
            return accuracies;
        }

        @Override
        public Optional<String> registered(String name) {
            return Optional.ofNullable(given.get(name));
        }

        @Override
        public Path modelFolder() {
            return temporary.resolve("models");
        }
    };
    private final ModelNames names = new ModelNames(
            () -> {
                throw new AssertionError("nothing of the store is asked for here");
            },
            announced,
            new CheckpointArchive(64, 1 << 20));

    @Test
    void takesAFolderAsItIsAndATarsModel() throws Exception {
        Path model = temporary.resolve("model");
        BrightnessStudent.write(model);
        Path tar = temporary.resolve("checkpoint.tar");
        CheckpointArchive.pack(model, tar);

        assertThat(names.folder(model.toString(), temporary.resolve("unused"))).isEqualTo(model);
        Path unpacked = names.folder(tar.toString(), Files.createDirectory(temporary.resolve("work")));
        assertThat(unpacked.resolve("model.safetensors")).hasSameBinaryContentAs(model.resolve("model.safetensors"));
    }

    @Test
    void packsTheSameFilesIntoTheSameBytes() throws IOException {
        Path model = temporary.resolve("model");
        BrightnessStudent.write(model);

        CheckpointArchive.pack(model, temporary.resolve("first.tar"));
        CheckpointArchive.pack(model, temporary.resolve("second.tar"));

        assertThat(temporary.resolve("first.tar")).hasSameBinaryContentAs(temporary.resolve("second.tar"));
    }

    @Test
    void followsANameThatASettingGives() throws Exception {
        Path model = temporary.resolve("model");
        BrightnessStudent.write(model);
        given.put("ViT_B32", model.toString());

        assertThat(names.folder("ViT_B32", temporary)).isEqualTo(model);
    }

    @Test
    void takesAFileOfKerasAsItIsAndFindsOneInTheModelFolder() throws Exception {
        Path file = Files.createFile(
                Files.createDirectories(temporary.resolve("models")).resolve("ours.h5"));

        assertThat(names.folder(file.toString(), temporary.resolve("unused"))).isEqualTo(file);
        assertThat(names.folder("ours", temporary.resolve("unused"))).isEqualTo(file);
    }

    @Test
    void refusesUnderAPublishedNameWhatWasNotPublished() throws IOException {
        BrightnessStudent.write(temporary.resolve("models/ViT_B16"));

        assertThatThrownBy(() -> names.folder("ViT_B16", temporary))
                .isInstanceOf(UnusableStudentException.class)
                .hasMessageContaining("is a vit-demo-8-64; the published ViT_B16 is a vit-b-16-384-dense32");
    }

    @Test
    void knowsTheTwelveNamesOfTheScripts() {
        assertThat(PublishedStudent.titled("boosted_model").orElseThrow().architecture())
                .isEqualTo("vit-l-16-384-dense32");
        assertThat(PublishedStudent.titled("B-T4SA_1.0_upd_filt").orElseThrow().architecture())
                .isEqualTo("vit-b-32-224-dense32");
        assertThat(PublishedStudent.values()).hasSize(12).allSatisfy(student -> {
            Architecture shape = Architecture.named(student.architecture());
            assertThat(shape.name()).isEqualTo(student.architecture());
            // In every ViT that was published a head is as wide as it is read off a file of Keras.
            assertThat(shape.dim() / shape.heads()).isEqualTo(64);
        });
    }

    @Test
    void saysWhereAStudentIsExpectedThoughNoStoreAnswers() {
        StoreSettings nobody = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(StoreSettings.class)
                .withDefaultValues(Map.of(
                        "s3.endpoint",
                        "http://127.0.0.1:1",
                        "s3.access-key",
                        "a",
                        "s3.secret-key",
                        "b",
                        "s3.timeout",
                        "1ms"))
                .build()
                .getConfigMapping(StoreSettings.class);
        ModelNames away = new ModelNames(() -> new ObjectStore(nobody), announced, new CheckpointArchive(64, 1 << 20));

        assertThatThrownBy(() -> away.folder("unb_T4SA2.0", temporary))
                .isInstanceOf(UnusableStudentException.class)
                .hasMessageContaining("put them at "
                        + temporary.resolve("models/unb_T4SA2.0.h5").toAbsolutePath())
                .hasMessageContaining("object store http://127.0.0.1:1");
        for (String name : List.of("a-run", "best")) {
            assertThatThrownBy(() -> away.folder(name, temporary))
                    .isInstanceOf(UnusableStudentException.class)
                    .hasMessageContaining(
                            "%s is not a folder, not a file and not in %s", name, temporary.resolve("models"))
                    .hasMessageContaining("object store http://127.0.0.1:1");
        }
    }

    @Test
    void takesTheLatestCheckpointOfAllAndOfARun() throws Exception {
        checkpoints.add(checkpoint("a", 10, 1));
        checkpoints.add(checkpoint("b", 5, 3));
        checkpoints.add(checkpoint("a", 20, 2));

        assertThat(names.announcedAs("latest").getRun()).isEqualTo("b");
        assertThat(names.announcedAs("a").getStep()).isEqualTo(20);
        assertThatThrownBy(() -> names.announcedAs("c"))
                .isInstanceOf(UnusableStudentException.class)
                .hasMessageContaining("c is not a folder")
                .hasMessageContaining("no run of a checkpoint");
    }

    @Test
    void takesTheBestByMacroF1OnTheBenchmarkThatMostWereMeasuredOn() throws Exception {
        accuracies.add(accuracy("a", "common", "zero-shot", .9, .5));
        accuracies.add(accuracy("b", "common", "zero-shot", .8, .7));
        accuracies.add(accuracy("c", "common", "three-way", 1, 1));
        accuracies.add(accuracy("d", "rare", "zero-shot", 1, 1));

        assertThat(names.announcedAs("best").getRun()).isEqualTo("b");
        assertThat(names.announcedAs("best:rare").getRun()).isEqualTo("d");
        assertThatThrownBy(() -> names.announcedAs("best:none")).hasMessageContaining("no accuracy by zero-shot");
    }

    @Test
    void saysWhatANameCannotBe() {
        assertThatThrownBy(() -> names.folder("no/such/folder", temporary))
                .isInstanceOf(UnusableStudentException.class)
                .hasMessageContaining("neither a folder, a file nor a name");
        assertThatThrownBy(() -> names.folder("s3://checkpoints/without-hash.tar", temporary))
                .hasMessageContaining("no SHA-256 in its name");
    }

    public static Checkpoint checkpoint(String run, long step, int second) {
        return Checkpoint.newBuilder()
                .setRun(run)
                .setArchitecture("vit-demo-8-64")
                .setRecipe("by hand")
                .setStep(step)
                .setSamplesSeen(0)
                .setKey("checkpoints/" + run)
                .setSha256("0".repeat(64))
                .setDataset("none")
                .setShardOffsets(List.of())
                .setTrainLoss(0)
                .setValidation(null)
                .setCreatedAt(Instant.ofEpochSecond(1_700_000_000L + second))
                .build();
    }

    public static Accuracy accuracy(String run, String benchmark, String protocol, double accuracy, double macroF1) {
        return Accuracy.newBuilder()
                .setCheckpoint(checkpoint(run, 7, 0))
                .setBenchmark(benchmark)
                .setBenchmarkSha256("0".repeat(64))
                .setProtocol(protocol)
                .setSamples(10)
                .setAccuracy(accuracy)
                .setLow95(0)
                .setHigh95(1)
                .setMacroF1(macroF1)
                .setPerClass(List.of())
                .setConfusion(List.of())
                .setCreatedAt(Instant.ofEpochSecond(1_700_000_000L))
                .build();
    }
}
