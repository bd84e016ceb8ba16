package dev.murmuration.filter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.murmuration.filter.topology.Tweets;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.store.ObjectStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * What crawler and teacher would write of an endless stream, as fast as the platform takes it: tweets of one or two photos in a
 * seeded order, with copies, unsure ones, photos that are lost from the store, and deletions. Ends with the markers, cursor and
 * positions by which an audit can tell that it is over.
 */
final class LoopedStream implements AutoCloseable {

    private static final String FEED = "looped";
    private static final int REMEMBERED = 500;
    private static final byte[] PICTURE = TestPhoto.jpeg(1, 64, 48).file();

    private final PlatformSettings platform;
    private final ObjectStore store;
    private final EventWriter writer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Random random;
    private final Queue<Future<RecordMetadata>> sent = new ConcurrentLinkedQueue<>();
    private final List<Image> photos = new ArrayList<>();
    private final List<String> tweets = new ArrayList<>();
    private final AtomicBoolean goesOn = new AtomicBoolean(true);
    private final Duration pause;
    private final AtomicLong admitted = new AtomicLong();
    private final Thread thread;
    private volatile @Nullable Throwable failure;
    private long deletions;
    private long photoCount;

    /** @param pause between two tweets */
    LoopedStream(PlatformSettings platform, ObjectStore store, long seed, Duration pause) {
        this.platform = platform;
        this.store = store;
        this.random = new Random(seed);
        this.pause = pause;
        this.writer = new EventWriter(RegistrySettings.apicurio(platform.registryUrl()));
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", platform.bootstrapServers(),
                        // A broker that is being started again is waited for.
                        "delivery.timeout.ms", "300000",
                        "max.block.ms", "300000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.thread = Thread.ofPlatform().name("stream").start(this::flow);
    }

    long tweets() {
        return admitted.get();
    }

    private void flow() {
        try {
            while (goesOn.get()) {
                tweet(admitted.get());
                admitted.incrementAndGet();
                Thread.sleep(pause);
                while (sent.size() > 1000) {
                    sent.remove().get();
                }
            }
        } catch (Exception e) {
            failure = e;
        }
    }

    private void tweet(long number) {
        if (random.nextInt(100) == 0 && !tweets.isEmpty()) {
            String deleted = tweets.remove(random.nextInt(tweets.size()));
            send(Topics.TWEETS.name(), deleted, null);
            send(Topics.SCORED_TWEETS.name(), deleted, null);
            deletions++;
        }
        String id = "s" + number;
        Image[] images = new Image[1 + random.nextInt(2)];
        for (int i = 0; i < images.length; i++) {
            images[i] = photo(i, number);
        }
        photoCount += images.length;
        double probability = random.nextInt(20) == 0 ? 0.5 : 0.9;
        Scores scores =
                switch (random.nextInt(3)) {
                    case 0 -> Tweets.negative(probability);
                    case 1 -> Tweets.neutral(probability);
                    default -> Tweets.positive(probability);
                };
        ScoredTweet scored = Tweets.tweet(id, scores, images);
        send(Topics.TWEETS.name(), id, writer.write(Topics.TWEETS, scored.getTweet()));
        send(Topics.SCORED_TWEETS.name(), id, writer.write(Topics.SCORED_TWEETS, scored));
        tweets.add(id);
        if (tweets.size() > REMEMBERED) {
            tweets.removeFirst();
        }
    }

    private Image photo(int index, long number) {
        if (random.nextInt(10) == 0 && !photos.isEmpty()) {
            return Image.newBuilder(photos.get(random.nextInt(photos.size())))
                    .setIndex(index)
                    .build();
        }
        byte[] bytes = photoOf("photo %d of %d %d".formatted(index, number, random.nextLong()));
        byte[] pdq = new byte[32];
        random.nextBytes(pdq);
        String sha256 = Sha256.hex(bytes);
        String key = "images/%s/%s.jpg".formatted(sha256.substring(0, 2), sha256);
        if (random.nextInt(100) != 0) {
            store.putIfAbsent(key, bytes, "image/jpeg");
        }
        Image image = new Image(
                index, key, key, sha256, (long) bytes.length, "image/jpeg", 64, 48, ByteBuffer.wrap(pdq), 100);
        photos.add(image);
        if (photos.size() > REMEMBERED) {
            photos.removeFirst();
        }
        return image;
    }

    /** A JPEG with this comment. All show one picture, since drawing each anew would slow the stream; their bytes differ. */
    private static byte[] photoOf(String comment) {
        byte[] text = comment.getBytes(UTF_8);
        return ByteBuffer.allocate(PICTURE.length + 4 + text.length)
                .put(PICTURE, 0, 2)
                .putShort((short) 0xFFFE)
                .putShort((short) (2 + text.length))
                .put(text)
                .put(PICTURE, 2, PICTURE.length - 2)
                .array();
    }

    private void send(String topic, String key, byte @Nullable [] value) {
        sent.add(producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value)));
    }

    /** Ends the stream and says so to everybody who asks. */
    void end() throws Exception {
        goesOn.set(false);
        thread.join();
        if (failure != null) {
            throw new IllegalStateException("the stream broke off", failure);
        }
        for (int partition = 0; partition < platform.partitions(); partition++) {
            EndOfFeed marker = new EndOfFeed(FEED, partition, platform.partitions());
            for (String topic : List.of(Topics.TWEETS.name(), Topics.SCORED_TWEETS.name())) {
                ProducerRecord<byte[], byte[]> record =
                        new ProducerRecord<>(topic, partition, marker.key().getBytes(UTF_8), null);
                record.headers().add(EndOfFeed.HEADER, marker.header());
                sent.add(producer.send(record));
            }
        }
        long admittedNow = admitted.get();
        Cursor cursor = Cursor.newBuilder()
                .setFeed(FEED)
                .setPosition("end")
                .setRecentIds(List.of())
                .setRecords(admittedNow + deletions)
                .setAdmitted(admittedNow)
                .setRejected(0)
                .setDeletions(deletions)
                .setDuplicates(0)
                .setMalformed(0)
                .setPhotos(photoCount)
                .setEnded(true)
                .setAt(Instant.EPOCH)
                .build();
        send(Topics.CRAWLER_CURSORS.name(), FEED, writer.write(Topics.CRAWLER_CURSORS, cursor));
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
        commitAsTheTeacher();
    }

    private void commitAsTheTeacher() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", platform.bootstrapServers()))) {
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            for (int partition = 0; partition < platform.partitions(); partition++) {
                latest.put(new TopicPartition(Topics.TWEETS.name(), partition), OffsetSpec.latest());
            }
            Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
            for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
                    admin.listOffsets(latest).all().get().entrySet()) {
                ends.put(end.getKey(), new OffsetAndMetadata(end.getValue().offset()));
            }
            admin.alterConsumerGroupOffsets("teacher", ends).all().get();
        }
    }

    @Override
    public void close() {
        goesOn.set(false);
        thread.interrupt();
        producer.close(Duration.ofSeconds(5));
        writer.close();
    }
}
