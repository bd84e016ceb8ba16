package dev.murmuration.crawler.feed.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Feed;
import dev.murmuration.crawler.feed.Message;
import dev.murmuration.crawler.feed.Pause;
import dev.murmuration.crawler.feed.PlausibleTimes;
import dev.murmuration.crawler.photo.PhotoSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * The public timeline of a Mastodon server, over its streaming API (server-sent events). It has no cursor and repeats nothing:
 * each interruption is a gap.
 */
public final class MastodonFeed implements Feed {

    /** Whose posts. */
    public enum Timeline {
        /** Of all users that the server receives posts of. */
        PUBLIC("public"),
        /** Of the server's own users. */
        LOCAL("public/local"),
        /** Of all other users. */
        REMOTE("public/remote");

        private final String path;

        Timeline(String path) {
            this.path = path;
        }
    }

    private static final String SOURCE = "mastodon";

    private final HttpUrl url;
    private final Map<String, String> headers = new HashMap<>();
    private final HttpStream.Opener opener;
    private final int maxMessageBytes;
    private final PhotoSource photos;
    private final PlausibleTimes times;
    private final Pause pause;

    /**
     * Connects on the first request for a delivery.
     *
     * @param base address of the server, such as {@code https://mastodon.social}
     * @param token access token; empty if the server requires none
     * @throws IllegalArgumentException if the address is invalid
     */
    public MastodonFeed(
            String base,
            Timeline timeline,
            Optional<String> token,
            LiveLimits limits,
            PhotoSource photos,
            PlausibleTimes times) {
        this(base, timeline, token, limits, photos, times, Thread::sleep);
    }

    MastodonFeed(
            String base,
            Timeline timeline,
            Optional<String> token,
            LiveLimits limits,
            PhotoSource photos,
            PlausibleTimes times,
            Pause pause) {
        this.url = HttpUrl.get(base)
                .newBuilder()
                .addPathSegments("api/v1/streaming/" + timeline.path)
                .build();
        headers.put("Accept", "text/event-stream");
        token.ifPresent(secret -> headers.put("Authorization", "Bearer " + secret));
        this.opener = new HttpStream.Opener(SOURCE, limits);
        this.maxMessageBytes = limits.maxMessageBytes();
        this.photos = photos;
        this.times = times;
        this.pause = pause;
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
        return new Listening(new ResumePoint(SOURCE, position, times.clock()));
    }

    /** Assembles events from lines, as in the HTML standard's section on server-sent events. */
    private final class Listening implements Conversation {
        private final ResumePoint presence;
        private final ByteArrayOutputStream data = new ByteArrayOutputStream();
        private String event = "";
        private boolean whole = true;

        Listening(ResumePoint presence) {
            this.presence = presence;
        }

        @Override
        public Connection connect() throws IOException {
            forget();
            return opener.open(url, headers);
        }

        @Override
        public Optional<Delivery.Gap> gap() {
            return presence.gap(Duration.ZERO);
        }

        @Override
        public List<Delivery> read(Message line) {
            if (line.isBlank()) {
                Optional<Delivery> delivery = data.size() == 0
                        ? Optional.empty()
                        : MastodonEvent.parse(url.host(), event, data.toByteArray(), whole, times::now, presence::hear);
                forget();
                return delivery.stream().toList();
            }
            if (line.bytes()[0] == ':') {
                presence.hear();
            } else {
                field(line);
            }
            return List.of();
        }

        private void field(Message line) {
            byte[] bytes = line.bytes();
            int end = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
            int colon = 0;
            while (colon < end && bytes[colon] != ':') {
                colon++;
            }
            String name = new String(bytes, 0, colon, UTF_8);
            int from = Math.min(end, colon + (colon + 1 < end && bytes[colon + 1] == ' ' ? 2 : 1));
            if (name.equals("event")) {
                event = new String(bytes, from, end - from, UTF_8);
            } else if (name.equals("data")) {
                int room = maxMessageBytes - data.size();
                whole = whole && line.whole() && end - from <= room;
                data.write(bytes, from, Math.min(end - from, room));
            }
        }

        private void forget() {
            data.reset();
            event = "";
            whole = true;
        }
    }
}
