package dev.murmuration.crawler;

import dev.murmuration.crawler.feed.Feed;
import dev.murmuration.schemas.Cursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one crawl sends that nobody kills. */
final class Undisturbed implements Outlet {

    private final List<String> tweetKeys = new ArrayList<>();
    private final List<String> rejectionKeys = new ArrayList<>();
    private final long records;
    private final boolean endless;
    private Cursor cursor;
    private @Nullable Crawl crawl;

    private Undisturbed(String name, long records, boolean endless) {
        this.records = records;
        this.endless = endless;
        this.cursor = CrawlState.beginning(name);
    }

    /** Crawls this many records; a feed without an end is left then. */
    static Undisturbed crawl(String name, Feed feed, long records, boolean endless) throws IOException {
        Undisturbed undisturbed = new Undisturbed(name, records, endless);
        CrawlState ledger = CrawlProcess.ledger(undisturbed.cursor, feed.source(), new SentTweets(10_000));
        undisturbed.crawl = CrawlProcess.crawl(feed, ledger, undisturbed, (key, bytes) -> {}, 2);
        try {
            undisturbed.crawl.run();
        } catch (InterruptedException e) {
            // By itself, in commit.
            assert undisturbed.cursor.getRecords() == records;
        }
        return undisturbed;
    }

    @Override
    public void commit(List<Outgoing> outgoing, Cursor now) {
        cursor = now;
        for (Outgoing each : outgoing) {
            switch (each) {
                case Outgoing.Tweet(var tweet) -> tweetKeys.add(tweet.getId());
                case Outgoing.Tombstone(String id) -> tweetKeys.add(id);
                case Outgoing.Rejection(var rejection) -> rejectionKeys.add(rejection.getTweetId());
                case Outgoing.End(var marker) -> tweetKeys.add(marker.key());
                case Outgoing.Declared declared -> {}
                case Outgoing.DeadLetter letter -> {}
            }
        }
        if (endless && now.getRecords() >= records && crawl != null) {
            crawl.stop();
        }
    }

    List<String> tweetKeys() {
        return tweetKeys;
    }

    List<String> rejectionKeys() {
        return rejectionKeys;
    }

    Cursor cursor() {
        return cursor;
    }
}
