package dev.murmuration.crawler.feed.live;

import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Feed;
import dev.murmuration.crawler.feed.Message;
import dev.murmuration.crawler.feed.Pause;
import dev.murmuration.crawler.feed.PlausibleTimes;
import dev.murmuration.crawler.feed.XLine;
import dev.murmuration.crawler.photo.PhotoSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * X's API v2, sampled or filtered stream. It keeps no cursor: after a break it sends again at most the last
 * {@code backfill_minutes} (whatever of it came twice is dropped by its id), and the rest is a gap.
 */
public final class XFeed implements Feed {

    /** Which of X's streams, and the path that it has. */
    public enum Stream {
        /** About one percent of all posts. */
        SAMPLED("2/tweets/sample/stream"),
        /** Posts that match the rules of the account. */
        FILTERED("2/tweets/search/stream");

        private final String path;

        Stream(String path) {
            this.path = path;
        }
    }

    private static final String SOURCE = "x";

    private final HttpUrl url;
    private final String token;
    private final int backfillMinutes;
    private final HttpStream.Opener opener;
    private final PhotoSource photos;
    private final PlausibleTimes times;
    private final Pause pause;

    /**
     * Connects on the first request for a delivery.
     *
     * @param base address of the API, such as {@code https://api.x.com}
     * @param token bearer token
     * @param backfillMinutes 0 to 5: what the account's access level allows to be sent again
     * @throws IllegalArgumentException if the address is invalid
     */
    public XFeed(
            String base,
            Stream stream,
            String token,
            int backfillMinutes,
            LiveLimits limits,
            PhotoSource photos,
            PlausibleTimes times) {
        this(base, stream, token, backfillMinutes, limits, photos, times, Thread::sleep);
    }

    XFeed(
            String base,
            Stream stream,
            String token,
            int backfillMinutes,
            LiveLimits limits,
            PhotoSource photos,
            PlausibleTimes times,
            Pause pause) {
        this.url = HttpUrl.get(base)
                .newBuilder()
                .addPathSegments(stream.path)
                .addQueryParameter("tweet.fields", "attachments,author_id,created_at,lang,note_tweet,referenced_tweets")
                .addQueryParameter("expansions", "attachments.media_keys")
                .addQueryParameter("media.fields", "type,url")
                .build();
        this.token = token;
        this.backfillMinutes = backfillMinutes;
        this.opener = new HttpStream.Opener(SOURCE, limits);
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

    private final class Listening implements Conversation {
        private final ResumePoint presence;
        private int minutes;

        Listening(ResumePoint presence) {
            this.presence = presence;
        }

        @Override
        public Connection connect() throws IOException {
            // No more than was missed, since the rest would be sent twice.
            minutes = (int)
                    Math.min(backfillMinutes, presence.away().plusSeconds(59).toMinutes());
            HttpUrl whole = minutes == 0
                    ? url
                    : url.newBuilder()
                            .addQueryParameter("backfill_minutes", Integer.toString(minutes))
                            .build();
            return opener.open(whole, Map.of("Authorization", "Bearer " + token, "Accept", "application/json"));
        }

        @Override
        public Optional<Delivery.Gap> gap() {
            return presence.gap(Duration.ofMinutes(minutes));
        }

        @Override
        public List<Delivery> read(Message message) throws IOException {
            if (message.isBlank()) {
                presence.hear();
                return List.of();
            }
            if (!message.whole()) {
                return List.of(new Delivery.Malformed(message.bytes(), message.tooLong(), presence.hear()));
            }
            Delivery delivery = XLine.parse(message.bytes(), times::now, presence::hear);
            if (delivery instanceof Delivery.Malformed) {
                Optional<String> goodbye = XLine.goodbye(message.bytes());
                if (goodbye.isPresent()) {
                    throw new IOException("X ends it: " + goodbye.get());
                }
            }
            return List.of(delivery);
        }
    }
}
