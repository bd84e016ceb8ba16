package dev.murmuration.evaluator;

import dev.murmuration.evaluator.measure.Protocol;
import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.GeneratedDatums;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.student.Precision;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.jboss.logging.Logger;

/**
 * Results in the object store, {@code evaluations/<checkpoint>/<benchmark>/<protocol>-<precision>.json} by the SHA-256 of both: a
 * service that was killed near the end of a long evaluation does not start again, and weights that are published twice are
 * measured once.
 */
final class ResultStore {

    private static final Logger LOG = Logger.getLogger(ResultStore.class);

    private final ObjectStore store;
    private final Supplier<Precision> precision;

    /** Stores results of students with this precision. */
    ResultStore(ObjectStore store, Supplier<Precision> precision) {
        this.store = store;
        this.precision = precision;
    }

    /** Returns a stored result; empty if there is none or this version cannot read it. */
    Optional<Accuracy> get(String checkpointSha256, String benchmarkSha256, Protocol protocol) {
        String key = key(checkpointSha256, benchmarkSha256, protocol);
        if (!(store.get(key) instanceof Fetched.Found<byte[]>(byte[] json))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new GeneratedDatums<Accuracy>()
                    .createDatumReader(Accuracy.getClassSchema())
                    .read(
                            null,
                            DecoderFactory.get()
                                    .jsonDecoder(Accuracy.getClassSchema(), new ByteArrayInputStream(json))));
        } catch (IOException | AvroRuntimeException e) {
            LOG.warnf("%s cannot be read, measuring again: %s", key, e.getMessage());
            return Optional.empty();
        }
    }

    /** Stores a result. */
    void put(Accuracy accuracy, Protocol protocol) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try {
            Encoder encoder = EncoderFactory.get().jsonEncoder(Accuracy.getClassSchema(), json, true);
            new SpecificDatumWriter<>(Accuracy.class).write(accuracy, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writing to memory cannot fail
        }
        store.put(
                key(accuracy.getCheckpoint().getSha256(), accuracy.getBenchmarkSha256(), protocol),
                json.toByteArray(),
                "application/json");
    }

    private String key(String checkpointSha256, String benchmarkSha256, Protocol protocol) {
        return "evaluations/%s/%s/%s-%s.json"
                .formatted(
                        checkpointSha256,
                        benchmarkSha256,
                        protocol.title(),
                        precision.get().name().toLowerCase(Locale.ROOT));
    }
}
