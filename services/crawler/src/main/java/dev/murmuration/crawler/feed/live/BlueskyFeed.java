package dev.murmuration.crawler.feed.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.ZstdDictDecompress;
import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Feed;
import dev.murmuration.crawler.feed.Json;
import dev.murmuration.crawler.feed.Message;
import dev.murmuration.crawler.feed.Oddities.Kind;
import dev.murmuration.crawler.feed.Pause;
import dev.murmuration.crawler.feed.PlausibleTimes;
import dev.murmuration.crawler.photo.PhotoSource;
import dev.murmuration.stage.FaultIsolation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Bluesky's posts by Jetstream, over a web socket. Its cursor is a time, inclusive, and its events are only nearly in the order
 * of their times: so it is asked to begin a little before where we are, and what came already is known by its commit
 * ({@link ReplayWindow}), or by being older than what was asked for: some servers begin up to an hour earlier. Nothing is lost or
 * doubled within the server's look-back.
 */
public final class BlueskyFeed implements Feed {

    /**
     * Settings of this feed only.
     *
     * @param url of a Jetstream server, such as {@code wss://jetstream2.us-east.bsky.network/subscribe}
     * @param photoUrl where a photo is, with {@code {did}} and {@code {cid}} in it
     * @param rewind how far back a new connection begins; more than events are ever out of order
     * @param lookBack how long the server keeps events; what is older is a gap
     * @param dictionary with which the server compresses by zstd; no compression without it
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record Settings(URI url, String photoUrl, Duration rewind, Duration lookBack, Optional<byte[]> dictionary) {}

    private static final Logger LOG = Logger.getLogger(BlueskyFeed.class);
    private static final String SOURCE = "bluesky";
    private static final long MICROS = 1_000;

    private final Settings settings;
    private final LiveLimits limits;
    private final PhotoSource photos;
    private final PlausibleTimes times;
    private final Pause pause;
    private final HttpClient client;
    private final Optional<ZstdDictDecompress> dictionary;

    /** Connects on the first request for a delivery. */
    public BlueskyFeed(Settings settings, LiveLimits limits, PhotoSource photos, PlausibleTimes times) {
        this(settings, limits, photos, times, Thread::sleep);
    }

    BlueskyFeed(Settings settings, LiveLimits limits, PhotoSource photos, PlausibleTimes times, Pause pause) {
        this.settings = settings;
        this.limits = limits;
        this.photos = photos;
        this.times = times;
        this.pause = pause;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(limits.connectTimeout())
                .build();
        this.dictionary = settings.dictionary().map(ZstdDictDecompress::new);
    }

    @Override
    public String source() {
        return SOURCE;
    }

    @Override
    public PhotoSource photos() {
        return photos;
    }

    @Override
    public Deliveries after(String position) {
        return new LiveDeliveries(SOURCE, conversation(position), pause);
    }

    /** Its protocol, without a network. */
    public Conversation conversation(String position) {
        return new Listening(ReplayWindow.at(
                position,
                settings.rewind().toMillis() * MICROS,
                ChronoUnit.MICROS.between(Instant.EPOCH, times.clock().instant())));
    }

    private final class Listening implements Conversation {
        private final ReplayWindow window;
        private long asked;
        private boolean toldThatItSendsAgain;
        private Optional<Instant> outdated = Optional.empty();

        Listening(ReplayWindow window) {
            this.window = window;
        }

        @Override
        public Connection connect() throws IOException, InterruptedException {
            StringBuilder url = new StringBuilder(settings.url().toString())
                    .append(settings.url().getRawQuery() == null ? '?' : '&')
                    .append("wantedCollections=")
                    .append(BlueskyEvent.POSTS)
                    .append("&wantedCollections=")
                    .append(BlueskyEvent.INTENTS)
                    .append("&maxMessageSizeBytes=")
                    .append(limits.maxMessageBytes());
            window.from().ifPresent(micros -> url.append("&cursor=").append(micros));
            dictionary.ifPresent(unused -> url.append("&compress=true"));
            asked = window.from().orElse(0);
            toldThatItSendsAgain = false;
            return WebSocketStream.open(SOURCE, client, URI.create(url.toString()), limits, dictionary);
        }

        @Override
        public Optional<Delivery.Gap> gap() {
            Instant kept = times.clock().instant().minus(settings.lookBack());
            Optional<Instant> newest = window.newest().filter(kept::isAfter);
            return newest.map(from -> gap(from, kept));
        }

        private Delivery.Gap gap(Instant from, Instant to) {
            window.skipTo(to);
            return new Delivery.Gap(from, to, window.position());
        }

        @Override
        public List<Delivery> read(Message message) {
            if (message.isBlank()) {
                return List.of();
            }
            return message.whole()
                    ? FaultIsolation.isolate(() -> expected(message), reason -> malformed(message.bytes(), reason))
                    : malformed(message.bytes(), message.tooLong());
        }

        private List<Delivery> expected(Message message) {
            try {
                JsonNode event = Json.read(message.bytes());
                Optional<String> other = BlueskyEvent.otherKind(event);
                if (other.isPresent()) {
                    times.oddities().count(Kind.PASSED_OVER, other.get());
                    if (BlueskyEvent.saysThatTheCursorIsOutdated(event)) {
                        outdated = window.newest();
                    }
                    return List.of();
                }
                return event(event, message.bytes());
            } catch (IllegalArgumentException e) {
                return malformed(message.bytes(), String.valueOf(e.getMessage()));
            }
        }

        private List<Delivery> event(JsonNode event, byte[] raw) {
            String identity = BlueskyEvent.identity(event);
            long micros = BlueskyEvent.micros(event);
            Instant said = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
            Instant now = times.clock().instant();
            // A clock ahead of ours moves no cursor: what is posted until then would be passed over.
            Instant arrived = times.believed(said.isAfter(now) && times.includes(said) ? now : said, now);
            boolean isTimed = times.includes(said);
            if (isTimed && micros < asked) {
                sentAgain(said);
                return List.of();
            }
            List<Delivery> deliveries = new ArrayList<>();
            if (isTimed && outdated.isPresent()) {
                Instant from = outdated.get();
                outdated = Optional.empty();
                deliveries.add(gap(from, arrived.isBefore(from) ? from : arrived));
            }
            boolean isNew = isTimed
                    ? window.add(identity, ChronoUnit.MICROS.between(Instant.EPOCH, arrived))
                    : window.addUntimed(identity);
            if (isNew) {
                BlueskyEvent.delivery(event, raw, settings.photoUrl(), arrived, times, window::position)
                        .ifPresent(deliveries::add);
            }
            return deliveries;
        }

        private void sentAgain(Instant from) {
            times.oddities().count(Kind.SENT_AGAIN, "");
            if (!toldThatItSendsAgain) {
                LOG.infof(
                        "feed %s sends again from %s on, it was asked from %s on: what came already is dropped",
                        SOURCE, from, Instant.EPOCH.plus(asked, ChronoUnit.MICROS));
                toldThatItSendsAgain = true;
            }
        }

        private List<Delivery> malformed(byte[] bytes, String reason) {
            return window.addUntimed(bytes)
                    ? List.of(new Delivery.Malformed(bytes, reason, window.position()))
                    : List.of();
        }
    }
}
