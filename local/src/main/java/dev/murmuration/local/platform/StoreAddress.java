package dev.murmuration.local.platform;

import dev.murmuration.cluster.Trust;
import java.util.Optional;

/**
 * The address of an object store, and the bucket in it.
 *
 * @param endpoint `s3.endpoint`
 * @param region `s3.region`
 * @param accessKey `s3.access-key`
 * @param secretKey `s3.secret-key`
 * @param bucket `s3.bucket`
 * @param trust from `s3.certificates`: certificate authorities that are trusted in addition to those of the JVM
 */
public record StoreAddress(
        String endpoint, String region, String accessKey, String secretKey, String bucket, Optional<Trust> trust) {

    /** Without the keys. */
    @Override
    public String toString() {
        return endpoint + " " + bucket;
    }
}
