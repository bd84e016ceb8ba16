package dev.murmuration.stage.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Whom a stage answers by HTTP. */
@ConfigMapping(prefix = "http")
interface HttpSettings {

    /**
     * Names and addresses, without ports, by which the service may be asked, beside those that it always has: localhost, this
     * machine's name and addresses, the service's name, alone or as a Kubernetes service. A proxy's name belongs here.
     */
    Optional<List<String>> allowedHosts();

    /**
     * Origins, such as {@code https://console.example}, whose pages may send requests that change or cost something; pages of the
     * service itself always may.
     */
    Optional<List<String>> allowedOrigins();

    /** How long a request may take to arrive as a whole, its body included. */
    @WithDefault("30s")
    Duration requestTimeout();
}
