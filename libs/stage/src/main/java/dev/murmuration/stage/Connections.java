package dev.murmuration.stage;

import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Gives every stage its store and its registry, from the settings that all stages share. */
@ApplicationScoped
class Connections {

    @Produces
    @Singleton
    ObjectStore store(StoreSettings settings) {
        return new ObjectStore(settings);
    }

    @Produces
    @Singleton
    RegistrySettings registry(RegistryConfig config) {
        return new RegistrySettings(
                config.url(), config.serializer(), config.deserializer(), config.patience(), config.serdes());
    }

    @Produces
    @Singleton
    EventWriter writer(RegistrySettings settings) {
        return new EventWriter(settings);
    }

    void close(@Disposes EventWriter writer) {
        writer.close();
    }
}
