package dev.murmuration.schemas;

/**
 * The schema registry did not answer within the timeout of the settings, or did not have the schema that is to be written. The
 * caller stops its service: no record is to blame.
 */
public final class RegistryUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RegistryUnavailableException(String url, Throwable cause) {
        super("schema registry %s %s".formatted(url, reason(cause)), cause);
    }

    private static String reason(Throwable cause) {
        return RegistryCalls.isUnregistered(cause)
                ? "does not have the schema that this version writes: register it with './murmuration prepare'"
                : "does not answer: %s; check registry.url and that the registry runs"
                        .formatted(RegistryCalls.root(cause));
    }
}
