package dev.murmuration.stage.store;

import java.time.Duration;

/** The defaults but for what a test names. */
record TestStoreSettings(
        String endpoint,
        String accessKey,
        String secretKey,
        String region,
        String bucket,
        Duration readTimeout,
        int maxRequests)
        implements StoreSettings {

    static TestStoreSettings at(String endpoint) {
        return new TestStoreSettings(
                endpoint, "murmuration", "murmuration", "us-east-1", "murmuration", Duration.ofSeconds(10), 64);
    }

    TestStoreSettings withBucket(String name) {
        return new TestStoreSettings(endpoint, accessKey, secretKey, region, name, readTimeout, maxRequests);
    }

    TestStoreSettings withKeys(String access, String secret) {
        return new TestStoreSettings(endpoint, access, secret, region, bucket, readTimeout, maxRequests);
    }

    TestStoreSettings withReadTimeout(Duration timeout) {
        return new TestStoreSettings(endpoint, accessKey, secretKey, region, bucket, timeout, maxRequests);
    }

    TestStoreSettings withMaxRequests(int requests) {
        return new TestStoreSettings(endpoint, accessKey, secretKey, region, bucket, readTimeout, requests);
    }

    @Override
    public Duration timeout() {
        return Duration.ofSeconds(20);
    }

    @Override
    public Duration connectTimeout() {
        return Duration.ofSeconds(5);
    }

    @Override
    public long maxBytesInMemory() {
        return 1 << 20;
    }

    @Override
    public long multipartThreshold() {
        return 10;
    }
}
