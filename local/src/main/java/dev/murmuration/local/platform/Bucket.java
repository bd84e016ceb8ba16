package dev.murmuration.local.platform;

import dev.murmuration.cluster.Trust;
import io.minio.BucketExistsArgs;
import io.minio.CreateBucketArgs;
import io.minio.GenericResponse;
import io.minio.GetObjectArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioAsyncClient;
import io.minio.UploadObjectArgs;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import okhttp3.OkHttpClient;

/** The platform's bucket as the launcher and the audit use it. */
public final class Bucket implements AutoCloseable {

    private final MinioAsyncClient client;
    private final String name;

    /** Of the platform with these settings. Connects with the first request. */
    public Bucket(PlatformSettings settings) {
        this(settings.site().store());
    }

    /** At this address. Connects with the first request. */
    public Bucket(StoreAddress address) {
        MinioAsyncClient.Builder builder = MinioAsyncClient.builder()
                .endpoint(address.endpoint())
                .region(address.region())
                .credentials(address.accessKey(), address.secretKey());
        if (address.endpoint().startsWith("http:")) {
            // The client's own would read every certificate that the environment names, which takes half a second.
            builder.httpClient(new OkHttpClient(), true);
        }
        address.trust().ifPresent(trust -> builder.httpClient(trusting(trust), true));
        this.client = new Client(builder.build(), address.region());
        this.name = address.bucket();
    }

    private static OkHttpClient trusting(Trust trust) {
        return new OkHttpClient.Builder()
                .sslSocketFactory(trust.context().getSocketFactory(), trust.manager())
                .build();
    }

    /** Creates the bucket if it does not exist. Returns whether it did. */
    public boolean make() throws IOException {
        String what = "bucket " + name;
        if (asked(
                what,
                client.bucketExists(BucketExistsArgs.builder().bucket(name).build()))) {
            return false;
        }
        asked(what, client.makeBucket(MakeBucketArgs.builder().bucket(name).build()));
        return true;
    }

    /** Uploads a file, replacing an existing object. */
    public void put(String key, Path file) throws IOException {
        try {
            asked(
                    key,
                    client.uploadObject(UploadObjectArgs.builder()
                            .bucket(name)
                            .object(key)
                            .filename(file.toString())
                            .build()));
        } catch (MinioException e) {
            throw new IOException("%s cannot be put: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** The bytes of an object, to be closed; empty if it does not exist. */
    public Optional<InputStream> open(String key) throws IOException {
        try {
            return Optional.of(asked(
                    key,
                    client.getObject(
                            GetObjectArgs.builder().bucket(name).object(key).build())));
        } catch (IOException e) {
            if (e.getCause() instanceof ErrorResponseException answer
                    && answer.errorResponse().code().equals("NoSuchKey")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static <T> T asked(String what, CompletableFuture<T> answer) throws IOException {
        try {
            return answer.join();
        } catch (CompletionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            if (cause instanceof IOException unreachable) {
                throw unreachable;
            }
            throw new IOException("the object store refused %s: %s".formatted(what, cause.getMessage()), cause);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** MinIO's client names the region when it makes a bucket, which S3 refuses for the one that it has without being told. */
    private static final class Client extends MinioAsyncClient {

        private static final String UNNAMED = "us-east-1";

        private final String region;

        Client(MinioAsyncClient client, String region) {
            super(client);
            this.region = region;
        }

        @Override
        public CompletableFuture<GenericResponse> createBucket(CreateBucketArgs bucket) {
            if (!region.equals(UNNAMED)) {
                return super.createBucket(bucket);
            }
            return executePutAsync(bucket, null, null, null).thenApply(response -> {
                response.close();
                return new GenericResponse(response.headers(), bucket.bucket(), region, null);
            });
        }
    }
}
