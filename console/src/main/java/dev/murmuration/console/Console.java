package dev.murmuration.console;

import dev.murmuration.cluster.Groups;
import dev.murmuration.console.dataset.Confidences;
import dev.murmuration.console.dataset.DataSets;
import dev.murmuration.console.operation.PredictClient;
import dev.murmuration.console.photo.Thumbnails;
import dev.murmuration.console.pipeline.HealthProbe;
import dev.murmuration.console.pipeline.LagHistory;
import dev.murmuration.console.pipeline.PipelineState;
import dev.murmuration.console.pipeline.StageObserver;
import dev.murmuration.console.rejection.DeadLetterLog;
import dev.murmuration.console.rejection.RejectionLog;
import dev.murmuration.console.rejection.ScoredTweets;
import dev.murmuration.console.topic.EventListener;
import dev.murmuration.console.topic.Position;
import dev.murmuration.console.topic.Subscription;
import dev.murmuration.console.topic.TopicFollower;
import dev.murmuration.console.track.Tracker;
import dev.murmuration.console.training.Accuracies;
import dev.murmuration.console.training.Runs;
import dev.murmuration.console.wall.Deletions;
import dev.murmuration.console.wall.Wall;
import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ReplacedShard;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.commit.Fatal;
import dev.murmuration.stage.store.ObjectStore;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.specific.SpecificRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What the console holds, all of it read from topics since the start, and the two threads that read. */
@ApplicationScoped
public class Console {

    private static final Logger LOG = Logger.getLogger(Console.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int DELETIONS = 100_000;

    private final ConsoleSettings settings;
    private final Map<String, Object> kafka;
    private final RegistrySettings registry;
    private final Changes changes;
    private final Deletions deletions = new Deletions(DELETIONS);
    private final Wall wall;
    private final ScoredTweets scoredTweets;
    private final RejectionLog rejections = new RejectionLog();
    private final DeadLetterLog deadLetters = new DeadLetterLog();
    private final Confidences confidences = new Confidences();
    private final DataSets datasets = new DataSets();
    private final Runs runs = new Runs();
    private final Accuracies accuracies = new Accuracies();
    private final Tracker tracker;
    private final ObjectStore store;
    private final PredictClient predict;
    private final LagHistory lag = new LagHistory();
    private final Thumbnails thumbnails;
    private final AtomicLong undecodable = new AtomicLong();
    private final List<EventReader<?>> readers = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("stages").factory());
    private volatile PipelineState pipeline = PipelineState.UNSEEN;
    private @Nullable TopicFollower follower;
    private @Nullable Groups groups;
    private @Nullable ScheduledFuture<?> looking;

    @Inject
    Console(
            ConsoleSettings settings,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            RegistrySettings registry,
            ObjectStore store,
            Changes changes) {
        this.settings = settings;
        this.kafka = kafka;
        this.registry = registry;
        this.changes = changes;
        this.wall = new Wall(settings.wallPhotos(), deletions);
        this.scoredTweets = new ScoredTweets(settings.scoredTweets(), deletions);
        this.tracker = new Tracker(kafka, registry, settings.history(), settings.searchTimeout(), datasets, runs);
        this.store = store;
        this.predict = new PredictClient(settings.services().get("evaluator"));
        this.thumbnails = new Thumbnails(store, settings.thumbnails());
    }

    void start(@Observes @Priority(10) StartupEvent event) {
        TopicFollower reading =
                new TopicFollower(kafka, subscriptions(), e -> Fatal.exit("reading the topics failed", e));
        follower = reading;
        reading.start();
        Groups asked = new Groups(kafka, TIMEOUT);
        groups = asked;
        StageObserver observer = new StageObserver(asked, new HealthProbe(settings.services()), lag, Clock.systemUTC());
        looking = timer.scheduleWithFixedDelay(
                () -> look(observer), 0, settings.interval().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look(StageObserver observer) {
        try {
            pipeline = observer.look();
            changes.of(Changes.PIPELINE);
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            // The page says how old its figures are; the next look tells.
            LOG.debug("cannot look at the stages", e);
        }
    }

    private List<Subscription> subscriptions() {
        long history = settings.history();
        EventListener<ScoredTweet> scoring = scoring();
        List<Subscription> all = new ArrayList<>();
        // Of tweets only what is deleted: long before the filter passes it on.
        all.add(new Subscription(Topics.TWEETS.name(), history, received -> {
            if (received.value() == null && received.key() != null) {
                String id = new String(received.key(), StandardCharsets.UTF_8);
                wall.deleted(id);
                scoring.deleted(id);
                changes.of(Changes.WALL);
            }
        }));
        all.add(events(Topics.SCORED_TWEETS, ScoredTweet.class, scoring, Changes.DATASETS));
        all.add(events(Topics.LABELLED_IMAGES, LabelledImage.class, wall, Changes.WALL));
        all.add(events(Topics.REJECTIONS, Rejection.class, rejections, Changes.REJECTIONS));
        all.add(shards());
        all.add(events(Topics.CHECKPOINTS, Checkpoint.class, runs, Changes.RUNS));
        all.add(events(Topics.ACCURACIES, Accuracy.class, accuracies, Changes.RUNS));
        Topics.SERVICES.forEach(service ->
                all.add(new Subscription(Topics.deadLetters(service).name(), history, received -> {
                    deadLetters.add(service, received);
                    changes.of(Changes.REJECTIONS);
                })));
        return all;
    }

    /** What is remembered of a deleted tweet counts no more. */
    private EventListener<ScoredTweet> scoring() {
        return new EventListener<>() {
            @Override
            public void event(ScoredTweet scored, Position position) {
                count(scored.getTweet().getId(), -1);
                scoredTweets.event(scored, position);
                count(scored.getTweet().getId(), 1);
            }

            @Override
            public void deleted(String tweetId) {
                count(tweetId, -1);
                scoredTweets.deleted(tweetId);
            }

            private void count(String tweetId, int sign) {
                scoredTweets
                        .of(tweetId)
                        .ifPresent(known -> confidences.add(
                                known.negative(),
                                known.neutral(),
                                known.positive(),
                                sign * known.photos().size()));
            }
        };
    }

    /** Their headers say which shard a shard replaces. */
    private Subscription shards() {
        EventReader<Shard> reader = EventReader.of(registry, Topics.SHARDS, Shard.class);
        readers.add(reader);
        return new Subscription(Topics.SHARDS.name(), settings.history(), received -> {
            switch (reader.read(received.headers(), received.value())) {
                case Decoded.Event<Shard>(Shard shard) ->
                    datasets.event(shard, Position.of(received), ReplacedShard.in(received.headers()));
                case Decoded.Undecodable<Shard> bytes -> undecodable.incrementAndGet();
                case Decoded.Tombstone<Shard> tombstone -> {}
                case Decoded.Ended<Shard> ended -> {}
            }
            changes.of(Changes.DATASETS);
        });
    }

    private <T extends SpecificRecord> Subscription events(
            Topic topic, Class<T> type, EventListener<T> listener, String view) {
        EventReader<T> reader = EventReader.of(registry, topic, type);
        readers.add(reader);
        EventListener<T> telling = new EventListener<>() {
            @Override
            public void event(T event, Position position) {
                listener.event(event, position);
                changes.of(view);
            }

            @Override
            public void deleted(String key) {
                listener.deleted(key);
                changes.of(view);
            }
        };
        return Subscription.events(topic, settings.history(), reader, telling, reason -> undecodable.incrementAndGet());
    }

    void stop(@Observes ShutdownEvent event) {
        if (follower != null) {
            follower.close();
        }
        if (looking != null) {
            looking.cancel(false);
        }
        if (groups != null) {
            // By the thread that uses it.
            timer.execute(groups::close);
        }
        timer.shutdown();
        tracker.close();
        readers.forEach(EventReader::close);
    }

    /** Whether everything has been read that the topics held at the start. */
    public boolean hasReadHistory() {
        return follower != null && follower.hasReadHistory();
    }

    /** The stages as they were at the last look. */
    public PipelineState pipeline() {
        return pipeline;
    }

    /** The lag over time. */
    public LagHistory lag() {
        return lag;
    }

    /** The newest labelled photos. */
    public Wall wall() {
        return wall;
    }

    /** What was refused. */
    public RejectionLog rejections() {
        return rejections;
    }

    /** What could not be decoded or processed. */
    public DeadLetterLog deadLetters() {
        return deadLetters;
    }

    /** What refused tweets say and show. */
    public ScoredTweets scoredTweets() {
        return scoredTweets;
    }

    /** How sure the teacher was. */
    public Confidences confidences() {
        return confidences;
    }

    /** Data sets by their shards. */
    public DataSets datasets() {
        return datasets;
    }

    /** Checkpoints by run. */
    public Runs runs() {
        return runs;
    }

    /** Accuracies by benchmark. */
    public Accuracies accuracies() {
        return accuracies;
    }

    /** Finds one tweet's way. */
    public Tracker tracker() {
        return tracker;
    }

    /** Settings of Kafka clients. */
    public Map<String, Object> kafka() {
        return kafka;
    }

    /** The object store. */
    public ObjectStore store() {
        return store;
    }

    /** Asks the student. */
    public PredictClient predict() {
        return predict;
    }

    /** What authors deleted. */
    public Deletions deletions() {
        return deletions;
    }

    /** Small copies of photos. */
    public Thumbnails thumbnails() {
        return thumbnails;
    }

    /** Records that could not be decoded. */
    public long undecodable() {
        return undecodable.get();
    }
}
