package dev.murmuration.local.platform;

import dev.murmuration.cluster.Trust;
import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.UploadObjectArgs;
import io.minio.errors.ErrorResponseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import okhttp3.OkHttpClient;

/** The platform's bucket as the launcher and the audit use it. */
public final class Bucket implements AutoCloseable {

    private final MinioClient client;
    private final String name;

    /** Of the platform with these settings. Connects with the first request. */
    public Bucket(PlatformSettings settings) {
        this(settings.site().store());
    }

    /** At this address. Connects with the first request. */
    public Bucket(StoreAddress address) {
        MinioClient.Builder builder = MinioClient.builder()
                .endpoint(address.endpoint())
                .region(address.region())
                .credentials(address.accessKey(), address.secretKey());
        address.trust().ifPresent(trust -> builder.httpClient(trusting(trust), true));
        this.client = builder.build();
        this.name = address.bucket();
    }

    private static OkHttpClient trusting(Trust trust) {
        return new OkHttpClient.Builder()
                .sslSocketFactory(trust.context().getSocketFactory(), trust.manager())
                .build();
    }

    private interface Request<T> {
        T send() throws Exception;
    }

    /** Makes the bucket if there is none. Returns whether it did. */
    boolean make() throws IOException {
        return asked("bucket " + name, () -> {
            if (client.bucketExists(BucketExistsArgs.builder().bucket(name).build())) {
                return false;
            }
            client.makeBucket(MakeBucketArgs.builder().bucket(name).build());
            return true;
        });
    }

    /** Puts a file under a key, over what was there. */
    public void put(String key, Path file) throws IOException {
        asked(
                key,
                () -> client.uploadObject(UploadObjectArgs.builder()
                        .bucket(name)
                        .object(key)
                        .filename(file.toString())
                        .build()));
    }

    /** The bytes under a key, to be closed; empty if there is no such object. */
    public Optional<InputStream> open(String key) throws IOException {
        return asked(key, () -> {
            try {
                return Optional.of(client.getObject(
                        GetObjectArgs.builder().bucket(name).object(key).build()));
            } catch (ErrorResponseException refused) {
                if (refused.errorResponse().code().equals("NoSuchKey")) {
                    return Optional.empty();
                }
                throw refused;
            }
        });
    }

    private static <T> T asked(String what, Request<T> request) throws IOException {
        try {
            return request.send();
        } catch (IOException unreachable) {
            throw unreachable;
        } catch (Exception refused) {
            throw new IOException("the object store refused %s: %s".formatted(what, refused.getMessage()), refused);
        }
    }

    @Override
    public void close() throws IOException {
        asked("to close", () -> {
            client.close();
            return name;
        });
    }
}
