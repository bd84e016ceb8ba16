package dev.murmuration.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Test;

class GeneratedDatumsTest {

    private static final int EVENTS = 50;
    private static final int SEED = 11;

    @Test
    void readsAndWritesEveryEventAsAvroItselfWouldWhicheverCameBefore() throws IOException {
        GeneratedDatums<SpecificRecord> datums = new GeneratedDatums<>();
        List<Schema> schemas = new ArrayList<>();
        Topics.ALL.forEach(topic -> topic.schema().ifPresent(schemas::add));
        assertThat(schemas).hasSizeGreaterThan(5);

        for (int i = 0; i < EVENTS; i++) {
            for (Schema schema : schemas) {
                Object random = new RandomData(schema, 1, SEED + i).iterator().next();
                byte[] byAvro = bytes(new GenericDatumWriter<>(schema), random);

                SpecificRecord event = datums.createDatumReader(schema)
                        .read(null, DecoderFactory.get().binaryDecoder(byAvro, null));
                byte[] byUs = bytes(datums.createDatumWriter(event, event.getSchema()), event);

                assertThat(generic(byUs, schema)).isEqualTo(generic(byAvro, schema));
            }
        }
    }

    @Test
    void keepsOneWriterOfEachSchema() {
        GeneratedDatums<SpecificRecord> datums = new GeneratedDatums<>();
        Rejection event = new Rejection();

        assertThat(datums.createDatumWriter(event, event.getSchema()))
                .isSameAs(datums.createDatumWriter(new Rejection(), Rejection.getClassSchema()));
    }

    private static <T> byte[] bytes(DatumWriter<T> writer, T event) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        writer.write(event, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    // Maps have no order on the wire; so what is compared is what a reader makes of it.
    private static Object generic(byte[] bytes, Schema schema) throws IOException {
        return new GenericDatumReader<>(schema, schema, new GenericData())
                .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    }
}
