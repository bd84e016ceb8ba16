package dev.murmuration.local.platform;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** S3Proxy in this JVM: the S3 protocol over a folder. Conditional puts (If-None-Match) work on it. */
final class ObjectServer implements AutoCloseable {

    private final S3Proxy server;

    private ObjectServer(S3Proxy server) {
        this.server = server;
    }

    /** Starts on a folder, which is created if it is new. Returns when the server accepts requests. */
    static ObjectServer start(Path directory, int port, String accessKey, String secretKey) throws Exception {
        Path data = Files.createDirectories(directory).toAbsolutePath();
        S3Proxy server = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(data.toString()))
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, accessKey, secretKey)
                .ignoreUnknownHeaders(true)
                .jettyMaxThreads(32)
                .build();
        server.start();
        return new ObjectServer(server);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the object store did not stop: " + e.getMessage(), e);
        }
    }
}
