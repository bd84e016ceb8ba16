package dev.murmuration.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.murmuration.signing.SignedFolder;
import dev.murmuration.signing.SigningKey;
import dev.murmuration.student.Precision;
import dev.murmuration.student.StudentFolder;
import dev.murmuration.student.Training;
import dev.murmuration.trainer.checkpoint.CheckpointArchive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedCheckpointTest {

    private static final Plan PLAN = DrawnSamples.plan(DrawnSamples.recipe());

    @TempDir
    private Path folder;

    private Path key;
    private Path model;

    @BeforeEach
    void writeASignedCheckpoint() throws Exception {
        key = folder.resolve("key.pem");
        SigningKey.make(key);
        try (TrainingRun run =
                new TrainingRun(PLAN, Training.begin(PLAN.architecture(), Device.cpu(), Precision.FP32, PLAN.seed()))) {
            run.learn(DrawnSamples.samples("a", 20), 3, step -> true);
            Path tar = CheckpointArchive.write(folder, run, Optional.of(SigningKey.read(key)))
                    .tar();
            assertThat(CheckpointArchive.read(tar, folder.resolve("parts"), DrawnSamples.SMALL)
                            .position()
                            .step())
                    .isEqualTo(5);
            DrawnSamples.unpack(tar, folder.resolve("unpacked"));
            model = folder.resolve("unpacked/model");
        }
    }

    @Test
    void isVerifiedByThePublicKey() throws Exception {
        assertThat(SignedFolder.differences(model, SigningKey.publicFile(key))).isEmpty();
        assertThat(StudentFolder.read(model).architecture()).isEqualTo(DrawnSamples.SMALL);
    }

    @Test
    void namesAFileThatHasChanged() throws Exception {
        Files.writeString(model.resolve("config.json"), " ", StandardOpenOption.APPEND);

        assertThat(SignedFolder.differences(model, SigningKey.publicFile(key)))
                .containsExactly("config.json: has changed");
    }

    @Test
    void hasACardThatSaysWhatItLearnedAndWhatItIsNotFor() throws Exception {
        assertThat(model.resolve("README.md"))
                .content()
                .startsWith("---\npipeline_tag: image-classification\n")
                .contains("# run, step 5", "| data set | `flat` |", "20 (negative 7, neutral 7, positive 6)")
                .contains("Judging a single person");
    }
}
