package dev.murmuration.stage.store;

import dev.murmuration.cluster.Trust;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.settings.SettingsValidator;
import io.minio.BucketExistsArgs;
import io.minio.Http;
import io.minio.MinioAsyncClient;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;

/** Builds the client of an S3 store from settings, each of which is checked first. */
final class StoreClient {

    private static final long MINUTES_KEPT = 5;

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
        builder.httpClient(http(settings, trust), true);
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

    private static OkHttpClient http(StoreSettings settings, Optional<Trust> trust) {
        OkHttpClient.Builder http;
        if (trust.isPresent()) {
            http = new OkHttpClient.Builder()
                    .sslSocketFactory(
                            trust.get().context().getSocketFactory(),
                            trust.get().manager());
        } else if (settings.endpoint().startsWith("http:")) {
            // The client's own would read every certificate that the environment names, which takes half a second.
            http = new OkHttpClient.Builder();
        } else {
            http = Http.newDefaultClient().newBuilder();
        }
        // OkHttp alone would send five at once to a host, and keep five connections.
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(settings.maxRequests());
        dispatcher.setMaxRequestsPerHost(settings.maxRequests());
        return http.dispatcher(dispatcher)
                .socketFactory(new UndelayedSockets())
                .connectionPool(new ConnectionPool(settings.maxRequests(), MINUTES_KEPT, TimeUnit.MINUTES))
                .build();
    }
}
