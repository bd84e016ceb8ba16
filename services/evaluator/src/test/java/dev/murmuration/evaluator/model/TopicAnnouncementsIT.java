package dev.murmuration.evaluator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.evaluator.BrightnessStudent;
import dev.murmuration.evaluator.Terminal;
import dev.murmuration.local.TestPlatform;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.CommandSettings;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreSettings;
import dev.murmuration.student.StudentFolder;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of models on the real platform. */
class TopicAnnouncementsIT {

    @TempDir
    Path temporary;

    private final Terminal terminal = new Terminal();
    private final SmallRyeConfig config = CommandSettings.read(new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(new PropertiesConfigSource(TestPlatform.settings().forServices(), "platform", 1_000)));
    private final ObjectStore store = new ObjectStore(config.getConfigMapping(StoreSettings.class));
    private final ModelNames names =
            new ModelNames(() -> store, new TopicAnnouncements(config), new CheckpointArchive(64, 64 << 20));

    @Test
    void findsARegisteredNameARunAndTheLatestCheckpoint() throws Exception {
        Path model = temporary.resolve("model");
        BrightnessStudent.write(model);
        String key = ModelNames.register(store, "ViT_B32", model, temporary);
        Checkpoint checkpoint = Checkpoint.newBuilder(ModelNamesTest.checkpoint("named-run", 9, 1_000_000))
                .setKey(key)
                .setSha256(key.replaceAll(".*-|\\.tar$", ""))
                .build();
        announce(checkpoint);

        for (String name : new String[] {"ViT_B32", "named-run", "latest", "s3://" + key}) {
            Path folder = names.folder(name, Files.createTempDirectory(temporary, "found"));

            assertThat(StudentFolder.read(folder).weights())
                    .as(name)
                    .isEqualTo(StudentFolder.read(model).weights());
        }
        assertThatThrownBy(() -> names.folder("ViT_L16", Files.createTempDirectory(temporary, "none")))
                .isInstanceOf(UnusableStudentException.class)
                .hasMessageContaining("ViT_L16 is a published student whose weights are not here");
    }

    @Test
    void registersAFileOfKerasAndEvaluatesItByThatName() throws Exception {
        Path benchmark = BrightnessStudent.benchmark(temporary.resolve("bright"));
        Map<String, String> platform = TestPlatform.settings().forServices();
        platform.forEach(System::setProperty);
        try {
            assertThat(terminal.run("register-model", "keras-student", KerasStudentTest.file()))
                    .as(terminal::err)
                    .isZero();
            assertThat(terminal.out()).startsWith("keras-student is s3://models/keras-student-");
            assertThat(terminal.run("evaluate", "-m", "keras-student", "-b", benchmark + "/"))
                    .as(terminal::err)
                    .isZero();
            assertThat(terminal.out()).contains("zero-shot");
        } finally {
            platform.keySet().forEach(System::clearProperty);
        }

        StudentFolder stored = StudentFolder.read(names.folder("keras-student", temporary));
        StudentFolder file = StudentFolder.read(KerasStudentTest.file());
        assertThat(stored.architecture()).isEqualTo(file.architecture());
        assertThat(stored.pixels()).isEqualTo(file.pixels());
        assertThat(stored.weights()).isEqualTo(file.weights());
    }

    @Test
    void refusesNamesThatWouldMeanSomethingElse() {
        for (String name : new String[] {"latest", "best", "best:x", "a/b", ""}) {
            assertThatThrownBy(() -> ModelNames.register(store, name, temporary, temporary))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void saysThatABrokerDoesNotAnswer() {
        SmallRyeConfig wrong = CommandSettings.read(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(
                        Map.of("kafka.bootstrap.servers", "no-such-host.invalid:9092"), "wrong", 1_000)));

        assertThatThrownBy(() -> new TopicAnnouncements(wrong).checkpoints())
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("kafka.bootstrap.servers");
    }

    private void announce(Checkpoint checkpoint) throws Exception {
        String url = config.getValue("registry.url", String.class);
        try (EventWriter writer = new EventWriter(RegistrySettings.apicurio(url));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", TestPlatform.settings().bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            Topics.CHECKPOINTS.name(),
                            checkpoint.getRun().getBytes(StandardCharsets.UTF_8),
                            writer.write(Topics.CHECKPOINTS, checkpoint)))
                    .get();
        }
    }
}
