package dev.murmuration.stage;

import dev.murmuration.cluster.Trust;
import dev.murmuration.stage.settings.SettingsValidator;
import io.minio.BucketExistsArgs;
import io.minio.MinioAsyncClient;
import java.util.Optional;
import okhttp3.OkHttpClient;

/** Builds the client of an S3 store from settings, each of which is checked first. */
final class StoreClient {

    private StoreClient() {}

    /**
     * Returns a client that does not connect yet and does not retry by itself: {@link ObjectStore} does.
     *
     * @param trust authorities to trust in addition to those of the JDK
     * @throws SettingException if a setting is invalid for any store
     */
    static MinioAsyncClient of(StoreSettings settings, Optional<Trust> trust) {
        check(settings);
        MinioAsyncClient.Builder builder = MinioAsyncClient.builder();
        set("s3.endpoint", settings.endpoint(), () -> builder.endpoint(settings.endpoint()));
        set("s3.region", settings.region(), () -> builder.region(settings.region()));
        builder.credentials(settings.accessKey(), settings.secretKey());
        if (settings.endpoint().startsWith("http:")) {
            // The client's own would read every certificate that the environment names, which takes half a second.
            builder.httpClient(new OkHttpClient(), true);
        }
        trust.ifPresent(given -> builder.httpClient(trusting(given), true));
        MinioAsyncClient client = builder.build();
        long read = settings.readTimeout().toMillis();
        client.setTimeout(settings.connectTimeout().toMillis(), read, read);
        client.setRetry(null, null, null);
        return client;
    }

    private static void check(StoreSettings settings) {
        SettingsValidator.require(StoreSettings.class, settings);
        set(
                "s3.bucket",
                settings.bucket(),
                () -> BucketExistsArgs.builder().bucket(settings.bucket()).build());
    }

    /** What the client refuses to be set to. */
    private static void set(String setting, String value, Runnable setter) {
        try {
            setter.run();
        } catch (IllegalArgumentException e) {
            throw new SettingException(setting, value, String.valueOf(e.getMessage()));
        }
    }

    private static OkHttpClient trusting(Trust trust) {
        return new OkHttpClient.Builder()
                .sslSocketFactory(trust.context().getSocketFactory(), trust.manager())
                .build();
    }
}
