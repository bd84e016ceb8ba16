package dev.murmuration.schemas;

import dev.murmuration.schemas.Decoded.Ended;
import dev.murmuration.schemas.Decoded.Event;
import dev.murmuration.schemas.Decoded.Tombstone;
import dev.murmuration.schemas.Decoded.Undecodable;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one topic. Consumers take bytes and decode here, because a deserializer inside the consumer can only
 * return null, which would pass for a deletion, or kill the channel. Safe for use by several threads.
 *
 * @param <T> the event of the topic
 */
public final class EventReader<T extends SpecificRecord> implements AutoCloseable {

    // Avro allocates what a length prefix claims. No event of ours comes near; bytes that lie get an error instead of
    // the heap.
    private static final String MAX_LENGTH = Integer.toString(16 << 20);

    static {
        for (String kind : new String[] {"bytes", "string", "collectionItems"}) {
            String property = "org.apache.avro.limits." + kind + ".maxLength";
            if (System.getProperty(property) == null) {
                System.setProperty(property, MAX_LENGTH);
            }
        }
    }

    private final RegistrySettings settings;
    private final Topic topic;
    private final Class<T> type;
    private final Deserializer<Object> deserializer;

    private EventReader(RegistrySettings settings, Topic topic, Class<T> type) {
        this.settings = settings;
        this.topic = topic;
        this.type = type;
        this.deserializer = EventWriter.instance(settings.deserializer(), Deserializer.class, "registry.deserializer");
        deserializer.configure(settings.forSerdes(), false);
    }

    /** A reader of this topic's events. Connects lazily, with the first event. */
    public static <T extends SpecificRecord> EventReader<T> of(RegistrySettings settings, Topic topic, Class<T> type) {
        return new EventReader<>(settings, topic, type);
    }

    /**
     * Decodes a record. Never throws for a bad one.
     *
     * @param headers the record's headers, null for none
     * @param value the record's value as it stands on the topic
     * @throws RegistryUnavailableException if the registry stays away
     */
    public Decoded<T> read(@Nullable Headers headers, byte @Nullable [] value) {
        Optional<EndOfFeed> ended = EndOfFeed.in(headers);
        if (ended.isPresent()) {
            return new Ended<>(ended.get());
        }
        if (value == null) {
            return new Tombstone<>();
        }
        if (value.length < 5 || value[0] != 0) {
            return new Undecodable<>("no event: %d bytes that do not start with the wire format's 0x00 and a schema id"
                    .formatted(value.length));
        }
        try {
            synchronized (deserializer) {
                Object event = RegistryCalls.waitingFor(
                        settings, () -> deserializer.deserialize(topic.name(), new RecordHeaders(), value));
                return type.isInstance(event)
                        ? new Event<>(type.cast(event))
                        : new Undecodable<>("expected %s, found %s"
                                .formatted(
                                        type.getSimpleName(),
                                        event == null
                                                ? "nothing"
                                                : event.getClass().getSimpleName()));
            }
        } catch (RegistryUnavailableException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            // Whatever else the serdes throw on these bytes, a retry would throw it again.
            return new Undecodable<>(
                    RegistryCalls.isUnknownSchema(e)
                            ? "schema id %d is not in the registry"
                                    .formatted(ByteBuffer.wrap(value, 1, 4).getInt())
                            : "not decodable as %s: %s".formatted(type.getSimpleName(), RegistryCalls.root(e)));
        }
    }

    @Override
    public void close() {
        deserializer.close();
    }
}
