package dev.murmuration.stage;

import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.stage.commit.TransactionSettings;
import dev.murmuration.stage.commit.Transactions;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreAccess;
import dev.murmuration.stage.store.StoreSettings;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;

/** Gives every stage its store and its registry, from the settings that all stages share. */
@ApplicationScoped
class Connections {

    @Produces
    @Singleton
    ObjectStore store(StoreSettings settings, StoreAccess access) {
        return new ObjectStore(settings, StoreAccess.trust(access));
    }

    @Produces
    @Singleton
    RegistrySettings registry(RegistryConfig config) {
        return new RegistrySettings(
                config.url(), config.serializer(), config.deserializer(), config.timeout(), access(config));
    }

    /** What is set by its own name goes before. */
    static Map<String, String> access(RegistryConfig config) {
        Map<String, String> access =
                RegistrySettings.access(config.username(), config.password(), config.certificates());
        access.putAll(config.serdes());
        return access;
    }

    @Produces
    @Singleton
    TopicNames names(TopicSettings settings) {
        return new TopicNames(settings.prefix().orElse(""));
    }

    @Produces
    @Singleton
    EventWriter writer(RegistrySettings settings) {
        return new EventWriter(settings);
    }

    void close(@Disposes EventWriter writer) {
        writer.close();
    }

    /** SmallRye's event for a new producer is what Quarkus's metrics of Kafka's clients listen to. */
    @Produces
    @Singleton
    Transactions transactions(
            TransactionSettings settings,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            Event<Producer<?, ?>> opened) {
        return new Transactions(kafka, settings.id(), settings.timeout(), opened::fire);
    }

    void close(@Disposes Transactions transactions) {
        transactions.close();
    }
}
