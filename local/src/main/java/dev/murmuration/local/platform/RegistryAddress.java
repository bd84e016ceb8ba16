package dev.murmuration.local.platform;

import dev.murmuration.cluster.Trust;
import java.util.Optional;

/**
 * The address of a schema registry, and how to sign in.
 *
 * @param url `registry.url`: Apicurio's own API, or the base of any registry that speaks Confluent's
 * @param username `registry.username`
 * @param password `registry.password`
 * @param trust from `registry.certificates`: certificate authorities that are trusted in addition to those of the JVM
 */
public record RegistryAddress(String url, Optional<String> username, Optional<String> password, Optional<Trust> trust) {

    private static final String APICURIO = "/apis/registry/v3";

    /** The base of Confluent's API, which Apicurio offers beside its own. */
    String confluent() {
        String base = url.replaceFirst("/+$", "");
        return base.endsWith(APICURIO) ? base.replace(APICURIO, "/apis/ccompat/v7") : base;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return url;
    }
}
