package dev.murmuration.crawler.feed.live;

import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Feed;
import dev.murmuration.crawler.feed.Message;
import dev.murmuration.crawler.feed.PlausibleTimes;
import dev.murmuration.crawler.feed.PositionException;
import dev.murmuration.crawler.photo.PhotoSource;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** A live feed that gets its messages from a list instead of a network, and ends with it. */
public final class OfflineFeed implements Feed {

    private static final LiveLimits LIMITS = new LiveLimits(Duration.ofSeconds(1), Duration.ofSeconds(1), 1 << 18);

    private final Feed feed;
    private final Conversation conversation;
    private final List<byte[]> messages;

    private OfflineFeed(Feed feed, Conversation conversation, List<byte[]> messages) {
        this.feed = feed;
        this.conversation = conversation;
        this.messages = messages;
    }

    /** X's. */
    public static OfflineFeed x(List<byte[]> messages, PlausibleTimes times, PhotoSource photos) {
        XFeed feed = new XFeed("http://x.test", XFeed.Stream.SAMPLED, "t", 0, LIMITS, photos, times);
        return new OfflineFeed(feed, feed.conversation(""), messages);
    }

    /** Bluesky's. */
    public static OfflineFeed bluesky(List<byte[]> messages, PlausibleTimes times, PhotoSource photos) {
        BlueskyFeed feed = new BlueskyFeed(
                new BlueskyFeed.Settings(
                        URI.create("ws://b.test"),
                        "http://b.test/{did}/{cid}",
                        Duration.ofSeconds(5),
                        Duration.ofHours(24),
                        Optional.empty()),
                LIMITS,
                photos,
                times);
        return new OfflineFeed(feed, feed.conversation(""), messages);
    }

    /** Mastodon's. */
    public static OfflineFeed mastodon(List<byte[]> messages, PlausibleTimes times, PhotoSource photos) {
        MastodonFeed feed = new MastodonFeed(
                "http://m.test", MastodonFeed.Timeline.PUBLIC, Optional.empty(), LIMITS, photos, times);
        return new OfflineFeed(feed, feed.conversation(""), messages);
    }

    /** Whether the feed can begin behind this position. */
    public boolean takes(String position) throws IOException {
        try {
            feed.after(position).close();
            return true;
        } catch (PositionException e) {
            return false;
        }
    }

    @Override
    public String source() {
        return feed.source();
    }

    @Override
    public PhotoSource photos() {
        return feed.photos();
    }

    @Override
    public Deliveries after(String position) {
        Iterator<byte[]> left = messages.iterator();
        Queue<Delivery> read = new ArrayDeque<>();
        return new Deliveries() {
            @Override
            public Optional<Delivery> next() throws IOException {
                while (read.isEmpty() && left.hasNext()) {
                    read.addAll(conversation.read(new Message(left.next(), true)));
                }
                return Optional.ofNullable(read.poll());
            }

            @Override
            public void close() {}
        };
    }
}
