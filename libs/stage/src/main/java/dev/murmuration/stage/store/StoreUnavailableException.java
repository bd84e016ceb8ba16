package dev.murmuration.stage.store;

/** The object store did not answer, or refused, for as long as the settings allow. The service stops: no record is to blame. */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreUnavailableException(String what, StoreSettings settings, Throwable cause) {
        super(
                "object store %s, bucket %s: cannot %s: %s; check s3.endpoint, s3.bucket, the keys and that the store runs"
                        .formatted(settings.endpoint(), settings.bucket(), what, cause),
                cause);
    }
}
