package dev.murmuration.stage.store;

import static dev.murmuration.stage.store.Uploads.answer;

import dev.murmuration.cluster.Trust;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.stage.settings.SettingException;
import io.minio.BucketExistsArgs;
import io.minio.DownloadObjectArgs;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.Http;
import io.minio.ListObjectsArgs;
import io.minio.MinioAsyncClient;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.StatObjectArgs;
import io.minio.errors.ErrorResponseException;
import io.minio.messages.Item;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The bucket that the pipeline's bytes travel through. Objects are named by their content, so that writing one twice changes
 * nothing, and are checked against their SHA-256 by whoever reads them. Every call waits for a store that is down, up to
 * {@code s3.timeout}, then throws {@link StoreUnavailableException}. Safe for use by several threads.
 */
public final class ObjectStore {

    private static final Http.Headers UNLESS_TAKEN = new Http.Headers("If-None-Match", "*");
    private static final Http.Headers ALWAYS = new Http.Headers();

    private final StoreSettings settings;
    private final MinioAsyncClient client;
    private final Uploads uploads;
    private final StoreRetry retry;
    private volatile boolean isConditional = true;

    /** Does not connect yet. */
    public ObjectStore(StoreSettings settings) {
        this(settings, Optional.empty());
    }

    /**
     * The same, trusting further authorities to be the store.
     *
     * @throws SettingException if a setting is wrong whatever the store says
     */
    public ObjectStore(StoreSettings settings, Optional<Trust> trust) {
        this.settings = settings;
        this.client = StoreClient.of(settings, trust);
        this.uploads = new Uploads(client, settings.bucket());
        this.retry = new StoreRetry(settings);
    }

    /** Whether the bucket is there, asked once and without waiting: for readiness. */
    public boolean answers() {
        try {
            return bucketExists();
        } catch (Exception e) { // Whatever it is, it means no.
            return false;
        }
    }

    /**
     * Asks whether anything answers there, if only to refuse; once and without waiting, for whoever sits at a terminal.
     *
     * @throws StoreUnavailableException if nothing does
     */
    public void reach() {
        try {
            boolean unused = bucketExists();
        } catch (ErrorResponseException e) {
            // Whether it has the bucket, and lets us in, the next request tells.
        } catch (Exception e) { // Whatever else it is, it means no.
            throw new StoreUnavailableException("be reached", settings, e);
        }
    }

    private boolean bucketExists() throws Exception {
        return answer(client.bucketExists(
                BucketExistsArgs.builder().bucket(settings.bucket()).build()));
    }

    /**
     * Waits until the bucket is there.
     *
     * @throws SettingException at once if the store answers that a key or the region is wrong
     */
    public void awaitBucket() {
        retry.call("find the bucket", () -> {
            try {
                if (!bucketExists()) {
                    throw new IOException("there is no such bucket");
                }
            } catch (ErrorResponseException e) {
                refuseWrongSetting();
                throw e;
            }
            return true;
        });
    }

    /** The answer to the question whether a bucket exists has no body; that to a listing says what is wrong. */
    private void refuseWrongSetting() throws Exception {
        Iterator<Result<Item>> listed = client.listObjects(ListObjectsArgs.builder()
                        .bucket(settings.bucket())
                        .maxKeys(1)
                        .build())
                .iterator();
        try {
            if (listed.hasNext()) {
                listed.next().get();
            }
        } catch (ErrorResponseException e) {
            String code = String.valueOf(e.errorResponse().code());
            String said = "the store says " + code;
            switch (code) {
                case "InvalidAccessKeyId" -> throw new SettingException("s3.access-key", settings.accessKey(), said);
                case "SignatureDoesNotMatch" -> throw new SettingException("s3.secret-key", "(not shown)", said);
                case "AuthorizationHeaderMalformed" -> throw new SettingException("s3.region", settings.region(), said);
                case "InvalidBucketName" -> throw new SettingException("s3.bucket", settings.bucket(), said);
                default -> {}
            }
        }
    }

    /**
     * Tries whether the store refuses a conditional put of a key that is taken. Where it does not, {@link #putIfAbsent} looks
     * first from now on, which two writers at the same moment can both pass. To be asked once, at the start.
     *
     * @param key of a small object that this leaves behind
     * @return whether it does
     */
    public boolean probeConditionalPuts(String key) {
        byte[] bytes = "conditional puts are tried on this object\n".getBytes(StandardCharsets.US_ASCII);
        put(key, bytes, "text/plain");
        isConditional = retry.call("put " + key, () -> {
            try {
                uploads.put(key, bytes, Sha256.hex(bytes), "text/plain", UNLESS_TAKEN);
                return false;
            } catch (ErrorResponseException e) {
                int code = e.response().code();
                if (code == 412) {
                    return true;
                }
                if (code == 400 || code == 501) {
                    return false;
                }
                throw e;
            }
        });
        return isConditional;
    }

    /**
     * Stores these bytes unless the key is taken. Two writers of one key are equal, since keys name their content.
     *
     * @return whether this call stored them
     */
    public boolean putIfAbsent(String key, byte[] bytes, String mediaType) {
        return putIfAbsent(key, bytes, Sha256.hex(bytes), mediaType);
    }

    /** The same for a caller that knows their SHA-256 already; it is stored as metadata. */
    public boolean putIfAbsent(String key, byte[] bytes, String sha256, String mediaType) {
        return putUnlessTaken(key, conditions -> uploads.put(key, bytes, sha256, mediaType, conditions));
    }

    /**
     * Stores this file unless the key is taken, in parts where it is over {@code s3.multipart-threshold}. As
     * {@link #putIfAbsent(String, byte[], String)}.
     */
    public boolean putIfAbsent(String key, Path file, String sha256, String mediaType) throws IOException {
        if (Files.size(file) <= settings.multipartThreshold()) {
            return putUnlessTaken(key, conditions -> uploads.put(key, file, sha256, mediaType, conditions));
        }
        // No store takes a condition on the parts of an upload.
        if (exists(key)) {
            return false;
        }
        return retry.call("put " + key, () -> {
            uploads.putInParts(key, file, sha256, mediaType);
            return true;
        });
    }

    @FunctionalInterface
    private interface Put {
        void under(Http.Headers conditions) throws Exception;
    }

    private boolean putUnlessTaken(String key, Put put) {
        ObjectKey.require(key);
        boolean asksStore = isConditional;
        if (!asksStore && exists(key)) {
            return false;
        }
        return retry.call("put " + key, () -> {
            try {
                put.under(asksStore ? UNLESS_TAKEN : ALWAYS);
                return true;
            } catch (ErrorResponseException e) {
                if (asksStore && e.response().code() == 412) {
                    return false;
                }
                throw e;
            }
        });
    }

    /** Stores these bytes, whatever was there: for the few objects that are not named by their content. */
    public void put(String key, byte[] bytes, String mediaType) {
        ObjectKey.require(key);
        String sha256 = Sha256.hex(bytes);
        retry.call("put " + key, () -> {
            uploads.put(key, bytes, sha256, mediaType, ALWAYS);
            return true;
        });
    }

    /** Whether there is an object under this key. */
    public boolean exists(String key) {
        return ObjectKey.isPossible(key)
                && retry.call(
                        "look for " + key,
                        () -> found(() -> answer(client.statObject(StatObjectArgs.builder()
                                .bucket(settings.bucket())
                                .object(key)
                                .build()))));
    }

    /**
     * The object's bytes without a check: for objects that are not named by their content. Damaged if over {@code s3.max-bytes-in-memory}.
     */
    public Fetched<byte[]> get(String key) {
        if (!ObjectKey.isPossible(key)) {
            return new Fetched.Missing<>();
        }
        return retry.call("get " + key, () -> {
            try (GetObjectResponse response = answer(client.getObject(GetObjectArgs.builder()
                    .bucket(settings.bucket())
                    .object(key)
                    .build()))) {
                int limit = Math.toIntExact(Math.min(Integer.MAX_VALUE - 16, settings.maxBytesInMemory()));
                byte[] bytes = response.readNBytes(limit);
                if (response.read() >= 0) {
                    return new Fetched.Damaged<>(key + " is larger than s3.max-bytes-in-memory = " + limit);
                }
                return new Fetched.Found<>(bytes);
            } catch (ErrorResponseException e) {
                if (isMissing(e)) {
                    return new Fetched.Missing<>();
                }
                throw e;
            }
        });
    }

    /** The object's bytes, if they are what this SHA-256 promises. */
    public Fetched<byte[]> get(String key, String sha256) {
        Fetched<byte[]> fetched = get(key);
        if (fetched instanceof Fetched.Found<byte[]>(byte[] bytes)
                && !Sha256.hex(bytes).equals(sha256)) {
            return new Fetched.Damaged<>(key + " has SHA-256 " + Sha256.hex(bytes) + ", not " + sha256);
        }
        return fetched;
    }

    /** Copies the object to this file, which must not exist yet, if its bytes are what this SHA-256 promises; else leaves no file. */
    public Fetched<Path> download(String key, String sha256, Path file) {
        return retry.call("get " + key, () -> {
            if (!copied(key, file)) {
                return new Fetched.Missing<>();
            }
            String found = Sha256.hex(file);
            if (!found.equals(sha256)) {
                Files.delete(file);
                return new Fetched.Damaged<>(key + " has SHA-256 " + found + ", not " + sha256);
            }
            return new Fetched.Found<>(file);
        });
    }

    /** Copies the object to this file, without a check: for objects that are not named by their content. */
    public Fetched<Path> download(String key, Path file) {
        return retry.call("get " + key, () -> copied(key, file) ? new Fetched.Found<>(file) : new Fetched.Missing<>());
    }

    private boolean copied(String key, Path file) throws Exception {
        return ObjectKey.isPossible(key)
                && found(() -> answer(client.downloadObject(DownloadObjectArgs.builder()
                        .bucket(settings.bucket())
                        .object(key)
                        .filename(file.toString())
                        .overwrite(true)
                        .build())));
    }

    /** Whether there is the object that this request is about. */
    private static boolean found(StoreRetry.Request<?> request) throws Exception {
        try {
            request.send();
            return true;
        } catch (ErrorResponseException e) {
            if (isMissing(e)) {
                return false;
            }
            throw e;
        }
    }

    /** Every object whose key starts with this prefix, in the order of the keys. */
    public List<StoredObject> list(String prefix) {
        return retry.call("list " + prefix, () -> {
            List<StoredObject> objects = new ArrayList<>();
            for (Result<Item> item : client.listObjects(ListObjectsArgs.builder()
                    .bucket(settings.bucket())
                    .prefix(prefix)
                    .recursive(true)
                    .build())) {
                objects.add(new StoredObject(
                        item.get().objectName(),
                        item.get().size(),
                        item.get().etag(),
                        item.get().lastModified().toInstant()));
            }
            return objects;
        });
    }

    /** Removes the object; nothing happens if there is none. */
    public void delete(String key) {
        ObjectKey.require(key);
        retry.call(
                "delete " + key,
                () -> answer(client.removeObject(RemoveObjectArgs.builder()
                        .bucket(settings.bucket())
                        .object(key)
                        .build())));
    }

    private static boolean isMissing(ErrorResponseException e) {
        return e.response().code() == 404
                && !"NoSuchBucket".equals(e.errorResponse().code());
    }
}
