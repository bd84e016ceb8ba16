package dev.murmuration.schemas;

import io.apicurio.registry.serde.avro.DefaultAvroDatumProvider;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * Reads records into the generated classes that this module was loaded with. Avro by itself looks them up by its own class loader
 * first, and where loaders are layered (Quarkus in tests and in dev mode) finds other copies of the same names. Public and with a
 * constructor without arguments because Apicurio's serdes make it.
 *
 * @param <T> the generated class
 */
public final class GeneratedDatums<T> extends DefaultAvroDatumProvider<T> {

    private static final SpecificData GENERATED = new SpecificData(GeneratedDatums.class.getClassLoader());

    private final Map<Schema, DatumReader<T>> readers = new ConcurrentHashMap<>();
    private final Map<Schema, DatumWriter<T>> writers = new ConcurrentHashMap<>();

    /** Made by the deserializer. */
    public GeneratedDatums() {}

    /** Of this writer's schema into the generated class of its name; throws {@link AvroTypeException} where there is none. */
    @Override
    public DatumReader<T> createDatumReader(Schema written) {
        return readers.computeIfAbsent(written, GeneratedDatums::reader);
    }

    /** Of events with this schema. The one that is overridden takes the fingerprint of the whole schema's text for every event. */
    @Override
    public DatumWriter<T> createDatumWriter(T event, Schema schema) {
        return writers.computeIfAbsent(schema, own -> new SpecificDatumWriter<>(own, GENERATED));
    }

    private static <T> DatumReader<T> reader(Schema written) {
        Class<?> generated = GENERATED.getClass(written);
        if (generated == null) {
            throw new AvroTypeException("no event is called " + written.getFullName());
        }
        return new SpecificDatumReader<>(written, GENERATED.getSchema(generated), GENERATED);
    }
}
