package dev.murmuration.schemas;

/** The schema registry did not answer within the patience of the settings. The caller stops its service: no record is to blame. */
public final class RegistryUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RegistryUnavailableException(String url, Throwable cause) {
        super(
                "schema registry %s does not answer: %s; check registry.url and that the registry runs"
                        .formatted(url, RegistryCalls.root(cause)),
                cause);
    }
}
