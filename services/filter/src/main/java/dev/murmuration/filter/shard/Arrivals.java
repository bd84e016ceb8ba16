package dev.murmuration.filter.shard;

import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.LabelledImage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records in their order, their photos already being fetched: never more than a set number ahead. */
final class Arrivals implements Iterator<Arrivals.Arrival> {

    private final Iterator<ConsumerRecord<byte[], byte[]>> records;
    private final Function<ConsumerRecord<byte[], byte[]>, Decoded<LabelledImage>> reader;
    private final Photos photos;
    private final ExecutorService fetchers;
    private final int ahead;
    private final Deque<Arrival> begun = new ArrayDeque<>();

    Arrivals(
            Iterator<ConsumerRecord<byte[], byte[]>> records,
            Function<ConsumerRecord<byte[], byte[]>, Decoded<LabelledImage>> reader,
            Photos photos,
            ExecutorService fetchers,
            int ahead) {
        this.records = records;
        this.reader = reader;
        this.photos = photos;
        this.fetchers = fetchers;
        this.ahead = ahead;
    }

    /** A record, what it is, and its photo if it is an event. */
    record Arrival(
            ConsumerRecord<byte[], byte[]> record, Decoded<LabelledImage> decoded, Optional<Future<Photo>> photo) {}

    @Override
    public boolean hasNext() {
        return !begun.isEmpty() || records.hasNext();
    }

    @Override
    public Arrival next() {
        while (begun.size() <= ahead && records.hasNext()) {
            begun.add(begin(records.next()));
        }
        if (begun.isEmpty()) {
            throw new NoSuchElementException();
        }
        return begun.remove();
    }

    private Arrival begin(ConsumerRecord<byte[], byte[]> record) {
        Decoded<LabelledImage> decoded = reader.apply(record);
        Optional<Future<Photo>> photo = decoded instanceof Decoded.Event<LabelledImage>(LabelledImage labelled)
                ? Optional.of(fetchers.submit(() -> photos.fetch(labelled.getImage())))
                : Optional.empty();
        return new Arrival(record, decoded, photo);
    }
}
