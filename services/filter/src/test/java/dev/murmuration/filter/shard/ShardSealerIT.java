package dev.murmuration.filter.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.local.TestPlatform;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Thresholds;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreSettings;
import io.minio.MinioClient;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads to the real object store. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ShardSealerIT {

    private final PlatformSettings platform = TestPlatform.settings();
    private final ObjectStore store = new ObjectStore(new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(StoreSettings.class)
            .withSources(new PropertiesConfigSource(platform.forServices(), "platform", 100))
            .withMappingIgnore("**")
            .build()
            .getConfigMapping(StoreSettings.class));
    private final ShardSealer sealing = new ShardSealer(
            store, (topic, event) -> new byte[0], TopicNames.PLAIN, Map.of("sealed", new Thresholds(0.7, 0.7, 0.7)));

    /** As after a crash between upload and commit: the same cut comes again. Once in one request, once in parts. */
    @ParameterizedTest
    @ValueSource(ints = {1000, 17 << 20})
    void uploadsNothingThatIsThereAlready(int bytes) {
        Cut cut = cut("again-" + bytes, bytes);
        Shard shard = seal(cut);
        assertThat(store.get(shard.getKey(), shard.getSha256())).isInstanceOf(Fetched.Found.class);
        // Would be overwritten by another upload.
        store.put(shard.getKey(), new byte[] {7}, "text/plain");

        assertThat(seal(cut)).isEqualTo(shard);

        assertThat(store.get(shard.getKey()))
                .isInstanceOfSatisfying(
                        Fetched.Found.class, found -> assertThat(found.value()).isEqualTo(new byte[] {7}));
    }

    @Test
    void tellsTheStoreWhatAShardIsAndItsHash() throws Exception {
        Shard shard = seal(cut("named", 1000));

        MinioClient client = MinioClient.builder()
                .endpoint(platform.storeEndpoint())
                .credentials(platform.accessKey(), platform.secretKey())
                .build();
        StatObjectResponse stat = client.statObject(StatObjectArgs.builder()
                .bucket(platform.bucket())
                .object(shard.getKey())
                .build());
        assertThat(stat.contentType()).isEqualTo("application/x-tar");
        assertThat(stat.userMetadata().getFirst("sha256")).isEqualTo(shard.getSha256());
        assertThat(stat.size()).isEqualTo(shard.getBytes());
        assertThat(shard.getKey()).isEqualTo("shards/sealed/val/3-40-%s.tar".formatted(shard.getSha256()));
    }

    private Shard seal(Cut cut) {
        return sealing.seal(cut).shards().getFirst();
    }

    private static Cut cut(String tweet, int bytes) {
        byte[] photo = new byte[bytes];
        new Random(bytes).nextBytes(photo);
        Sample sample = new Sample(Labelled.image(tweet, 0, "sealed"), new Photo.Ready(photo, true), "");
        return new Cut(
                3,
                40,
                49,
                Map.of(new Cut.Name("sealed", Split.val), List.of(sample)),
                List.of(),
                List.of(),
                Optional.empty());
    }
}
