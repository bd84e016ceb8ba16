package dev.murmuration.deploy;

import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;

/** The secrets that a person and Strimzi's operator make in the namespace, by name and key. */
record Secrets(Map<String, Map<String, byte[]>> byName) {

    static final String STORE_KEY = "murmuration";
    static final String STORE_SECRET = "change-me-please";

    static Secrets of(Manifests manifests, Keys keys) throws IOException, GeneralSecurityException {
        Map<String, Map<String, byte[]>> secrets = new HashMap<>();
        byte[] password = bytes(Keys.PASSWORD);
        for (KafkaUser user : manifests.all(KafkaUser.class).toList()) {
            String name = user.getMetadata().getName();
            secrets.put(
                    name,
                    Map.of(
                            "user.crt", bytes(keys.certificate(name)),
                            "user.key", bytes(keys.key(name)),
                            "user.p12", Files.readAllBytes(keys.store(name)),
                            "user.password", password));
        }
        secrets.put(
                "murmuration-cluster-ca-cert",
                Map.of(
                        "ca.crt", bytes(keys.trustedPem()),
                        "ca.p12", Files.readAllBytes(keys.trusted()),
                        "ca.password", password));
        secrets.put("store", Map.of("access-key", bytes(STORE_KEY), "secret-key", bytes(STORE_SECRET)));
        secrets.put("crawler-salt", Map.of("salt", bytes("salt of this test")));
        return new Secrets(secrets);
    }

    Map<String, byte[]> get(String name) {
        Map<String, byte[]> secret = byName.get(name);
        if (secret == null) {
            throw new IllegalArgumentException("no secret " + name);
        }
        return secret;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
