package dev.murmuration.crawler;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.Declaration;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.commit.Transactions;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Writes tweets, rejections, deletions, declarations, dead letters and the cursor that covers them in one Kafka transaction. */
final class KafkaOutlet implements Outlet {

    private static final Topic DEAD_LETTERS = Topics.deadLetters("crawler");

    private final String feed;
    private final EventWriter writer;
    private final Transactions transactions;

    KafkaOutlet(String feed, EventWriter writer, Transactions transactions) {
        this.feed = feed;
        this.writer = writer;
        this.transactions = transactions;
    }

    @Override
    public void commit(List<Outgoing> outgoing, Cursor cursor) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(outgoing.size() + 1);
        outgoing.forEach(each -> records.add(record(each)));
        records.add(event(Topics.CRAWLER_CURSORS, cursor.getFeed(), cursor));
        transactions.commit(records);
    }

    private ProducerRecord<byte[], byte[]> record(Outgoing outgoing) {
        return switch (outgoing) {
            case Outgoing.Tweet(var tweet) -> event(Topics.TWEETS, tweet.getId(), tweet);
            case Outgoing.Rejection(var rejection) -> event(Topics.REJECTIONS, rejection.getTweetId(), rejection);
            case Outgoing.Tombstone(String id) -> new ProducerRecord<>(Topics.TWEETS.name(), id.getBytes(UTF_8), null);
            // What is taken back leaves the topic.
            case Outgoing.Declared(Declaration declaration) ->
                declaration.getDisallowed().isEmpty()
                        ? new ProducerRecord<>(
                                Topics.CRAWLER_DECLARATIONS.name(),
                                declaration.getAuthorHash().getBytes(UTF_8),
                                null)
                        : event(Topics.CRAWLER_DECLARATIONS, declaration.getAuthorHash(), declaration);
            case Outgoing.DeadLetter(byte[] raw, String reason, long n) ->
                new ProducerRecord<>(
                        DEAD_LETTERS.name(),
                        null,
                        feed.getBytes(UTF_8),
                        raw,
                        DeadLetter.headers(new RecordHeaders(), "feed " + feed, 0, n, reason));
            case Outgoing.End(EndOfFeed marker) ->
                new ProducerRecord<>(
                        Topics.TWEETS.name(),
                        marker.partition(),
                        marker.key().getBytes(UTF_8),
                        null,
                        new RecordHeaders().add(EndOfFeed.HEADER, marker.header()));
        };
    }

    private ProducerRecord<byte[], byte[]> event(Topic topic, String key, SpecificRecord event) {
        return new ProducerRecord<>(topic.name(), key.getBytes(UTF_8), writer.write(topic, event));
    }
}
