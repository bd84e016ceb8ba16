package dev.murmuration.teacher.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.murmuration.local.TestPlatform;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreSettings;
import dev.murmuration.teacher.transformer.TransformerTextModelTest;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model in the real object store. */
class ModelSourcesIT {

    @TempDir
    Path cache;

    private final ObjectStore store = new ObjectStore(storeSettings());
    private ModelSources sources;

    @BeforeEach
    void fill() throws Exception {
        Hub nobody = new Hub(
                URI.create("http://localhost:1"), cache.resolve("models"), 1, Duration.ofSeconds(1), line -> {});
        sources = new ModelSources(nobody, () -> store);
        for (String file : List.of("config.json", "vocab.json", "merges.txt", "pytorch_model.bin")) {
            store.put(
                    "models/tiny/" + file,
                    Files.readAllBytes(TransformerTextModelTest.golden("roberta-tiny", file)),
                    "application/octet-stream");
        }
        store.put("models/tiny/config.json.bak", new byte[] {1}, "application/octet-stream");
    }

    @Test
    void copiesAModelOutOfTheStoreOnceForEachOfItsContents() throws Exception {
        ModelFolder first = sources.open("s3://models/tiny/");
        ModelFolder again = sources.open("s3://models/tiny");
        store.put(
                "models/tiny/config.json",
                (Files.readString(first.file("config.json")) + "\n").getBytes(StandardCharsets.UTF_8),
                "application/json");

        ModelFolder changed = sources.open("s3://models/tiny");

        assertThat(first.name()).isEqualTo("tiny");
        assertThat(again).isEqualTo(first);
        assertThat(first.version())
                .isEqualTo(ModelFolder.open(
                                TransformerTextModelTest.golden("roberta-tiny", "")
                                        .toAbsolutePath(),
                                "tiny")
                        .version())
                .isNotEqualTo(changed.version());
        assertThat(first.path()).isDirectoryNotContaining("glob:**/*.bak");
    }

    @Test
    void saysThatNothingIsStoredThere() {
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> sources.open("s3://models/none"))
                .withMessage("model s3://models/none: no model is stored there");
    }

    private static StoreSettings storeSettings() {
        PlatformSettings platform = TestPlatform.settings();
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(platform.forServices(), "platform", 100))
                .withMapping(StoreSettings.class)
                .build()
                .getConfigMapping(StoreSettings.class);
    }
}
