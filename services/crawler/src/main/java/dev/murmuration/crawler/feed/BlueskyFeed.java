package dev.murmuration.crawler.feed;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.ZstdDictDecompress;
import dev.murmuration.crawler.photo.PhotoSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Bluesky's posts by Jetstream, over a web socket. Its cursor is a time, inclusive, and its events are only nearly in the order of their times: so it is asked to
 * begin a little before where we are, and what came already is known by its commit ({@link Window}). Nothing is lost or doubled within the server's look-back.
 */
public final class BlueskyFeed implements Feed {

    /**
     * What is special to this feed.
     *
     * @param url of a Jetstream server, such as {@code wss://jetstream2.us-east.bsky.network/subscribe}
     * @param photoUrl where a photo is, with {@code {did}} and {@code {cid}} in it
     * @param rewind how far back a new connection begins; more than events are ever out of order
     * @param lookBack how long the server keeps events; what is older is a gap
     * @param dictionary with which the server compresses by zstd; no compression without it
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record Settings(URI url, String photoUrl, Duration rewind, Duration lookBack, Optional<byte[]> dictionary) {}

    private static final String SOURCE = "bluesky";
    private static final long MICROS = 1_000;

    private final Settings settings;
    private final LiveLimits limits;
    private final PhotoSource photos;
    private final PlausibleTimes times;
    private final LiveDeliveries.Pause pause;
    private final HttpClient client;
    private final Optional<ZstdDictDecompress> dictionary;

    /** Connects with the first delivery that is asked for. */
    public BlueskyFeed(Settings settings, LiveLimits limits, PhotoSource photos, PlausibleTimes times) {
        this(settings, limits, photos, times, Thread::sleep);
    }

    BlueskyFeed(
            Settings settings,
            LiveLimits limits,
            PhotoSource photos,
            PlausibleTimes times,
            LiveDeliveries.Pause pause) {
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
        return new LiveDeliveries(
                SOURCE, new Listening(Window.at(position, settings.rewind().toMillis() * MICROS)), pause);
    }

    private final class Listening implements Conversation {
        private final Window window;

        Listening(Window window) {
            this.window = window;
        }

        @Override
        public Connection connect() throws IOException, InterruptedException {
            StringBuilder url = new StringBuilder(settings.url().toString())
                    .append(settings.url().getRawQuery() == null ? '?' : '&')
                    .append("wantedCollections=")
                    .append(BlueskyEvent.POSTS)
                    .append("&maxMessageSizeBytes=")
                    .append(limits.maxMessageBytes());
            window.from().ifPresent(micros -> url.append("&cursor=").append(micros));
            dictionary.ifPresent(unused -> url.append("&compress=true"));
            return WebSocketStream.open(SOURCE, client, URI.create(url.toString()), limits, dictionary);
        }

        @Override
        public Optional<Delivery.Gap> gap() {
            Instant kept = times.clock().instant().minus(settings.lookBack());
            Optional<Instant> newest = window.newest().filter(kept::isAfter);
            return newest.map(from -> {
                window.skipTo(kept);
                return new Delivery.Gap(from, kept, window.position());
            });
        }

        @Override
        public Optional<Delivery> read(Message message) {
            if (message.isBlank()) {
                return Optional.empty();
            }
            if (!message.whole()) {
                return malformed(message.bytes(), message.tooLong());
            }
            try {
                JsonNode event = Json.read(message.bytes());
                boolean isNew = window.add(BlueskyEvent.identity(event), BlueskyEvent.micros(event));
                return isNew
                        ? BlueskyEvent.delivery(event, settings.photoUrl(), times, window::position)
                        : Optional.empty();
            } catch (IllegalArgumentException e) {
                return malformed(message.bytes(), String.valueOf(e.getMessage()));
            }
        }

        private Optional<Delivery> malformed(byte[] bytes, String reason) {
            return window.addUntimed(bytes)
                    ? Optional.of(new Delivery.Malformed(bytes, reason, window.position()))
                    : Optional.empty();
        }
    }
}
