package dev.murmuration.schemas;

import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Turns events into what stands on a topic: Confluent's wire format, 0x00, the schema's 4-byte id, Avro binary. Services encode
 * before they open a transaction, so that a registry that is down never holds one open. Safe for use by several threads.
 */
public final class EventWriter implements AutoCloseable {

    private final RegistrySettings settings;
    private final Serializer<Object> serializer;

    /** Connects lazily, with the first event. */
    public EventWriter(RegistrySettings settings) {
        this.settings = settings;
        this.serializer = instance(settings.serializer(), Serializer.class, "registry.serializer");
        Map<String, Object> serdes = settings.forSerdes();
        // The schema is looked up as it was registered: whole, not taken apart into references to its nested records.
        serdes.putIfAbsent("apicurio.registry.dereference-schema", "true");
        serializer.configure(serdes, false);
    }

    /**
     * The bytes of this event on this topic.
     *
     * @throws IllegalArgumentException if the topic carries another event
     * @throws RegistryUnavailableException if the registry stays away, or nobody registers the schema
     */
    public byte[] write(Topic topic, SpecificRecord event) {
        if (!topic.schema().equals(Optional.of(event.getSchema()))) {
            throw new IllegalArgumentException(
                    topic.name() + " does not carry " + event.getSchema().getName());
        }
        synchronized (serializer) {
            return RegistryCalls.waitingForSchema(settings, () -> serializer.serialize(topic.name(), event));
        }
    }

    @Override
    public void close() {
        serializer.close();
    }

    @SuppressWarnings("unchecked") // Serdes are generic over the event; ours are used for any.
    static <S> S instance(String className, Class<? super S> type, String setting) {
        try {
            return (S) type.cast(Class.forName(className, true, classLoader())
                    .getDeclaredConstructor()
                    .newInstance());
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(setting + " = " + className + ": no such class on the class path", e);
        } catch (ReflectiveOperationException | ClassCastException e) {
            Throwable cause = e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
            throw new IllegalArgumentException(setting + " = " + className + ": " + RegistryCalls.root(cause), e);
        }
    }

    private static ClassLoader classLoader() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? EventWriter.class.getClassLoader() : context;
    }
}
