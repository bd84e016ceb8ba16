package dev.murmuration.stage;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What is well on one machine and is not beyond it: defaults that everybody knows, and lines that anybody can read. */
final class InsecureDefaults {

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1", "[::1]");
    private static final String KNOWN_TO_ALL = "murmuration";

    private InsecureDefaults() {}

    /** One line each, naming the setting and never a secret; none where everything is on this machine. */
    static List<String> of(Function<String, Optional<String>> setting) {
        List<String> found = new ArrayList<>();
        boolean brokerAway = Arrays.stream(
                        setting.apply("kafka.bootstrap.servers").orElse("").split(",", -1))
                .map(server -> server.strip().replaceFirst(":\\d+$", ""))
                .anyMatch(InsecureDefaults::isAway);
        String protocol =
                setting.apply("kafka.security.protocol").orElse("PLAINTEXT").toUpperCase(Locale.ROOT);
        if (brokerAway && !protocol.endsWith("SSL")) {
            found.add(
                    "kafka.security.protocol is %s: what is read and written passes the network as it is; SSL or SASL_SSL protect it"
                            .formatted(protocol));
        }
        for (String name : List.of("registry.url", "s3.endpoint")) {
            String address = setting.apply(name).orElse("");
            if (address.startsWith("http://") && isAway(host(address))) {
                found.add("%s is %s: keys and data pass the network as they are; https protects them"
                        .formatted(name, address));
            }
        }
        boolean storeAway = isAway(host(setting.apply("s3.endpoint").orElse("")));
        if (storeAway
                && setting.apply("s3.secret-key").filter(KNOWN_TO_ALL::equals).isPresent()) {
            found.add("s3.secret-key is the default that everybody knows; give the store keys of its own");
        }
        boolean salted = setting.apply("crawler.author-salt")
                .filter(salt -> !salt.equals(KNOWN_TO_ALL))
                .isPresent();
        boolean crawler = setting.apply("quarkus.application.name")
                .filter("crawler"::equals)
                .isPresent();
        if (crawler && brokerAway && !salted) {
            found.add(
                    "crawler.author-salt is the default that everybody knows: authors can be found by their hashes; set your own, once");
        }
        return found;
    }

    private static boolean isAway(String host) {
        return !host.isEmpty() && !THIS_MACHINE.contains(host);
    }

    private static String host(String address) {
        try {
            String host = URI.create(address).getHost();
            return host == null ? "" : host;
        } catch (IllegalArgumentException e) {
            // Whoever connects says so.
            return "";
        }
    }
}
