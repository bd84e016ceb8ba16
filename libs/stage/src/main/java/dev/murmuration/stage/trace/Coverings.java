package dev.murmuration.stage.trace;

import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.GeneratedDatums;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Topics;
import java.io.IOException;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.jboss.logging.Logger;

/**
 * What shards and checkpoints say of themselves: which records they were made of. This process has just written them, by the
 * schemas that it has: no registry is asked, which would hold up a transaction.
 */
final class Coverings {

    private static final Logger LOG = Logger.getLogger(Coverings.class);

    /** Confluent's wire format: 0x00 and four bytes of the schema's id come before Avro's. */
    private static final int PREFIX = 5;

    private static final DatumReader<Shard> SHARDS =
            new GeneratedDatums<Shard>().createDatumReader(Shard.getClassSchema());
    private static final DatumReader<Checkpoint> CHECKPOINTS =
            new GeneratedDatums<Checkpoint>().createDatumReader(Checkpoint.getClassSchema());

    private Coverings() {}

    /** Of an event that is sent to this joining topic; nothing where it cannot be read. */
    static List<Coverage> of(String topic, byte[] value) {
        try {
            return topic.equals(Topics.SHARDS.name()) ? of(read(SHARDS, value)) : of(read(CHECKPOINTS, value));
        } catch (IOException | AvroRuntimeException e) {
            LOG.warnf("a trace of %s has no links: %s", topic, e);
            return List.of();
        }
    }

    private static <T> T read(DatumReader<T> reader, byte[] value) throws IOException {
        if (value.length < PREFIX) {
            throw new IOException("only %d bytes".formatted(value.length));
        }
        return reader.read(null, DecoderFactory.get().binaryDecoder(value, PREFIX, value.length - PREFIX, null));
    }

    static List<Coverage> of(Shard shard) {
        return List.of(new Coverage(
                Topics.LABELLED_IMAGES.name(),
                shard.getSourcePartition(),
                shard.getFirstOffset(),
                shard.getLastOffset()));
    }

    /** From the beginning: what an earlier checkpoint was made of is in this one too. */
    static List<Coverage> of(Checkpoint checkpoint) {
        return checkpoint.getShardOffsets().stream()
                .map(next -> new Coverage(Topics.SHARDS.name(), next.getPartition(), 0, next.getOffset() - 1))
                .toList();
    }
}
