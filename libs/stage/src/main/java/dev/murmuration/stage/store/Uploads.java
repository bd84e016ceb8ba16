package dev.murmuration.stage.store;

import io.minio.AbortMultipartUploadArgs;
import io.minio.Checksum;
import io.minio.CompleteMultipartUploadArgs;
import io.minio.CreateMultipartUploadArgs;
import io.minio.Http;
import io.minio.MinioAsyncClient;
import io.minio.PutObjectAPIArgs;
import io.minio.StatObjectArgs;
import io.minio.UploadPartArgs;
import io.minio.UploadPartResponse;
import io.minio.errors.ErrorResponseException;
import io.minio.messages.Part;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.zip.CRC32;

/**
 * Puts objects whose SHA-256 is known, so that it need not be made a second time to send them. What lies in memory is signed with
 * it. A file, and each of its parts, goes unsigned with a CRC-32, which costs next to nothing here and in the store; whoever
 * reads the object checks its SHA-256.
 */
final class Uploads {

    /** What S3 takes in one request, in bytes. */
    static final long MOST_BYTES = 5L << 30;

    private static final int PART_BYTES = 16 << 20;
    private static final int PIECE_BYTES = 1 << 16;
    private static final int PARTS_AT_ONCE = 3;

    private final MinioAsyncClient client;
    private final String bucket;

    Uploads(MinioAsyncClient client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /** Puts these bytes in one request, which some conditions may hold back. */
    void put(String key, byte[] bytes, String sha256, String mediaType, Http.Headers conditions) throws Exception {
        Http.Headers headers = about(sha256, mediaType);
        headers.putAll(conditions);
        headers.put(Http.Headers.X_AMZ_CONTENT_SHA256, sha256);
        answer(client.putObject(PutObjectAPIArgs.builder()
                .bucket(bucket)
                .object(key)
                .contentType(mediaType)
                .headers(headers)
                .data(bytes, bytes.length)
                .build()));
    }

    /** Puts this file in one request, which some conditions may hold back. */
    void put(String key, Path file, String sha256, String mediaType, Http.Headers conditions) throws Exception {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            Http.Headers headers = about(sha256, mediaType);
            headers.putAll(conditions);
            headers.putAll(unsigned(crc(bytes.getChannel())));
            bytes.seek(0);
            answer(client.putObject(PutObjectAPIArgs.builder()
                    .bucket(bucket)
                    .object(key)
                    .contentType(mediaType)
                    .headers(headers)
                    .file(bytes, bytes.length())
                    .build()));
        }
    }

    private static CRC32 crc(FileChannel file) throws IOException {
        CRC32 crc = new CRC32();
        for (ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES); file.read(piece) >= 0; piece.clear()) {
            crc.update(piece.flip());
        }
        return crc;
    }

    private static Http.Headers unsigned(CRC32 crc) {
        byte[] sum =
                ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
        return new Http.Headers(
                Http.Headers.X_AMZ_CONTENT_SHA256,
                Checksum.UNSIGNED_PAYLOAD,
                Checksum.Algorithm.CRC32.header(),
                Checksum.base64String(sum));
    }

    /** Puts this file in parts of 16 MiB, some of them at the same time; S3 takes 10,000 of them. */
    void putInParts(String key, Path file, String sha256, String mediaType) throws Exception {
        Http.Headers headers = about(sha256, mediaType);
        headers.put("x-amz-checksum-algorithm", Checksum.Algorithm.CRC32.name());
        String upload = answer(client.createMultipartUpload(CreateMultipartUploadArgs.builder()
                        .bucket(bucket)
                        .object(key)
                        .headers(headers)
                        .build()))
                .result()
                .uploadId();
        try (FileChannel source = FileChannel.open(file)) {
            long bytes = source.size();
            List<Part> parts = new ArrayList<>();
            Queue<CompletableFuture<UploadPartResponse>> underWay = new ArrayDeque<>();
            for (long from = 0; from < bytes; from += PART_BYTES) {
                if (underWay.size() == PARTS_AT_ONCE) {
                    parts.add(answer(underWay.remove()).part());
                }
                byte[] part = read(source, from, (int) Math.min(PART_BYTES, bytes - from));
                underWay.add(put(key, upload, parts.size() + underWay.size() + 1, part));
            }
            while (!underWay.isEmpty()) {
                parts.add(answer(underWay.remove()).part());
            }
            String etag = answer(client.completeMultipartUpload(CompleteMultipartUploadArgs.builder()
                            .bucket(bucket)
                            .object(key)
                            .uploadId(upload)
                            .parts(parts.toArray(Part[]::new))
                            .build()))
                    .etag();
            // S3 answers 200 before it puts the parts together, so that only the result says that it has; what stands
            // between may lose it.
            if ((etag == null || etag.isBlank()) && !has(key, bytes)) {
                throw new IOException("the answer to the completed upload is not a result");
            }
        } catch (Exception e) {
            // Not waited for: the store may be what does not answer. It forgets parts without an end by itself.
            CompletableFuture<?> unused = client.abortMultipartUpload(AbortMultipartUploadArgs.builder()
                    .bucket(bucket)
                    .object(key)
                    .uploadId(upload)
                    .build());
            throw e;
        }
    }

    private boolean has(String key, long bytes) throws Exception {
        try {
            return answer(client.statObject(StatObjectArgs.builder()
                                    .bucket(bucket)
                                    .object(key)
                                    .build()))
                            .size()
                    == bytes;
        } catch (ErrorResponseException e) {
            if (e.response().code() == 404) {
                return false;
            }
            throw e;
        }
    }

    private CompletableFuture<UploadPartResponse> put(String key, String upload, int number, byte[] part) {
        CRC32 crc = new CRC32();
        crc.update(part);
        return client.uploadPart(UploadPartArgs.builder()
                .bucket(bucket)
                .object(key)
                .uploadId(upload)
                .partNumber(number)
                .headers(unsigned(crc))
                .data(part, part.length)
                .build());
    }

    private static byte[] read(FileChannel source, long from, int bytes) throws IOException {
        ByteBuffer part = ByteBuffer.allocate(bytes);
        while (part.hasRemaining()) {
            if (source.read(part, from + part.position()) < 0) {
                throw new EOFException(
                        "it ends at %d of the bytes that were to be put".formatted(from + part.position()));
            }
        }
        return part.array();
    }

    private static Http.Headers about(String sha256, String mediaType) {
        Http.Headers headers = new Http.Headers();
        headers.put(Http.Headers.CONTENT_TYPE, mediaType);
        headers.put("x-amz-meta-sha256", sha256);
        return headers;
    }

    /** Waits for the store. */
    static <T> T answer(CompletableFuture<T> asked) throws Exception {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }
}
