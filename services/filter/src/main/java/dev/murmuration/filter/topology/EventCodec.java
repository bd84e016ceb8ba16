package dev.murmuration.filter.topology;

import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.TopicNames;
import java.util.function.BiFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Encoding of the events on the pipeline's topics.
 *
 * @param reader from a record's headers and value
 * @param writer to a record's value
 * @param names of the topics
 * @param maxBytes of a record, key and headers included: the broker refuses a larger one, and with it the whole transaction
 */
public record EventCodec(
        BiFunction<Headers, byte @Nullable [], Decoded<ScoredTweet>> reader,
        BiFunction<Topic, SpecificRecord, byte[]> writer,
        TopicNames names,
        int maxBytes) {}
