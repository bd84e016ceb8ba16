package dev.murmuration.stage.store;

import dev.murmuration.stage.settings.DurationRange;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;

/** The object store: any that speaks S3. The defaults are those of {@code ./murmuration up}. */
@ConfigMapping(prefix = "s3")
public interface StoreSettings {

    /** Base address, scheme and port included. */
    @WithDefault("http://localhost:9000")
    String endpoint();

    /** Access key. */
    @WithDefault("murmuration")
    @NotBlank
    String accessKey();

    /** Secret key. */
    @WithDefault("murmuration")
    @NotBlank
    String secretKey();

    /** Region, where the store has any. */
    @WithDefault("us-east-1")
    String region();

    /** The one bucket that everything is in. The platform creates it. */
    @WithDefault("murmuration")
    String bucket();

    /** How long a store that does not answer is waited for before the service stops. */
    @WithDefault("2m")
    @DurationRange(max = Long.MAX_VALUE / 1_000_000)
    Duration timeout();

    /** How long one request may take to connect. */
    @WithDefault("5s")
    @DurationRange(min = 1, max = Integer.MAX_VALUE)
    Duration connectTimeout();

    /** How long one request may go without a byte. */
    @WithDefault("60s")
    @DurationRange(min = 1, max = Integer.MAX_VALUE)
    Duration readTimeout();

    /**
     * How many requests may be in flight at once; others wait. A store that takes 50 ms for an object takes at most 20 times as
     * many each second.
     */
    @WithDefault("64")
    @Min(1)
    @Max(1024)
    int maxRequests();

    /** The largest object that is read into memory, in bytes; larger ones only go to files. */
    @WithDefault("67108864")
    @Min(1)
    long maxBytesInMemory();

    /**
     * What is larger, in bytes, is put in parts of 16 MiB, three at a time. At most 5 GiB, the most that S3 takes in one request;
     * a store that copies the parts together at the end wants it large.
     */
    @WithDefault("67108864")
    @Min(0)
    @Max(Uploads.MOST_BYTES)
    long multipartThreshold();
}
