package dev.murmuration.stage.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Shard;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Test;

class CoveringsTest {

    private static final int SEED = 3;

    @Test
    void aShardSaysWhichRecordsItWasMadeOf() throws IOException {
        GenericRecord shard = random(Shard.getClassSchema());

        assertThat(Coverings.of("shards", onTheTopic(shard)))
                .containsExactly(new Coverage(
                        "labelled-images",
                        (Integer) shard.get("sourcePartition"),
                        (Long) shard.get("firstOffset"),
                        (Long) shard.get("lastOffset")));
    }

    @Test
    void aCheckpointSaysUpToWhichShardsItWent() throws IOException {
        GenericRecord checkpoint = random(Checkpoint.getClassSchema());
        List<?> offsets = (List<?>) checkpoint.get("shardOffsets");

        assertThat(offsets).isNotEmpty();
        assertThat(Coverings.of("checkpoints", onTheTopic(checkpoint)))
                .isEqualTo(offsets.stream()
                        .map(each -> (GenericRecord) each)
                        .map(each -> new Coverage(
                                "shards", (Integer) each.get("partition"), 0, (Long) each.get("offset") - 1))
                        .toList());
    }

    @Test
    void whatIsNoSuchEventWasMadeOfNothing() throws IOException {
        byte[] cut = onTheTopic(random(Shard.getClassSchema()));

        assertThat(Coverings.of("shards", new byte[] {0, 0, 0})).isEmpty();
        assertThat(Coverings.of("shards", Arrays.copyOf(cut, 9))).isEmpty();
    }

    private static GenericRecord random(Schema schema) {
        return (GenericRecord) new RandomData(schema, 1, SEED).iterator().next();
    }

    private static byte[] onTheTopic(GenericRecord event) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(new byte[] {0, 0, 0, 0, 7});
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(event.getSchema()).write(event, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }
}
