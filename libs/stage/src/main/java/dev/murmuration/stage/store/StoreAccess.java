package dev.murmuration.stage.store;

import dev.murmuration.cluster.Trust;
import dev.murmuration.stage.settings.SettingException;
import io.smallrye.config.ConfigMapping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Whom to trust to be the object store, where its address is https. */
@ConfigMapping(prefix = "s3")
public interface StoreAccess {

    /** PEM file of authorities that the store's certificate may be from, besides those that the JVM trusts. */
    Optional<Path> certificates();

    /** The trust in them, if any are given. */
    static Optional<Trust> trust(StoreAccess access) {
        Optional<Path> pem = access.certificates();
        try {
            return pem.isEmpty() ? Optional.empty() : Optional.of(Trust.with(pem.get()));
        } catch (IOException e) {
            throw new SettingException("s3.certificates", pem.get(), "holds no certificates in PEM: " + e.getMessage());
        }
    }
}
