package dev.murmuration.stage;

import dev.murmuration.schemas.RegistrySettings;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The schema registry, and whose serdes speak to it. */
@ConfigMapping(prefix = "registry")
interface RegistryConfig {

    /** Base address; with Confluent's serdes that of its API, with Apicurio's ending in /apis/registry/v3. */
    @WithDefault("http://localhost:8080/apis/registry/v3")
    String url();

    /** Class name of the serializer. */
    @WithDefault(RegistrySettings.APICURIO_SERIALIZER)
    String serializer();

    /** Class name of the deserializer. */
    @WithDefault(RegistrySettings.APICURIO_DESERIALIZER)
    String deserializer();

    /** Who signs in; nobody signs in where it is not given. */
    Optional<String> username();

    /** The password that goes with it. Secret. */
    Optional<String> password();

    /** PEM file of the authorities that the registry's certificate may be from, instead of those that the JVM trusts. */
    Optional<Path> certificates();

    /** How long a registry that does not answer is waited for before the service stops. */
    @WithDefault("2m")
    Duration timeout();

    /** Further settings of the serdes, passed on by their own names. */
    Map<String, String> serdes();
}
