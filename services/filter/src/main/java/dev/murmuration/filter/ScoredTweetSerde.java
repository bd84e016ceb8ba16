package dev.murmuration.filter;

import dev.murmuration.schemas.ScoredTweet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.specific.SpecificData;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/** Scored tweets on the topology's own topic: Avro's single-object encoding, which names the schema by fingerprint and needs no registry. */
final class ScoredTweetSerde {

    private ScoredTweetSerde() {}

    static Serde<ScoredTweet> serde() {
        return Serdes.serdeFrom(serializer(), deserializer());
    }

    private static Serializer<ScoredTweet> serializer() {
        return (topic, tweet) -> {
            if (tweet == null) {
                return null;
            }
            try {
                ByteBuffer bytes = tweet.toByteBuffer();
                byte[] exact = new byte[bytes.remaining()];
                bytes.get(exact);
                return exact;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static Deserializer<ScoredTweet> deserializer() {
        // With our own loader: Avro's would, where it is another one, make records of other classes.
        BinaryMessageDecoder<ScoredTweet> decoder = new BinaryMessageDecoder<>(
                new SpecificData(ScoredTweet.class.getClassLoader()), ScoredTweet.getClassSchema());
        return (topic, bytes) -> {
            if (bytes == null) {
                return null;
            }
            try {
                return decoder.decode(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }
}
