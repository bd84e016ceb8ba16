package dev.murmuration.console.rejection;

import dev.murmuration.console.photo.PhotoLink;
import dev.murmuration.console.topic.EventListener;
import dev.murmuration.console.topic.Position;
import dev.murmuration.console.wall.Deletions;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Scores;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The newest scored tweets by their ids: what a rejection, which has neither text nor photo, is about. Safe for use by several threads. */
public final class ScoredTweets implements EventListener<ScoredTweet> {

    private static final int MAX_TEXT = 500;

    /**
     * A photo of a tweet.
     *
     * @param index among the tweet's photos
     * @param link where to see it
     * @param sha256 of its bytes
     */
    public record TweetPhoto(int index, String link, String sha256) {}

    /**
     * A tweet and what the teacher thinks of it.
     *
     * @param text its beginning
     * @param negative the teacher's score
     * @param neutral likewise
     * @param positive likewise
     * @param photos those that the crawler stored
     */
    public record Scored(String text, double negative, double neutral, double positive, List<TweetPhoto> photos) {}

    private final Map<String, Scored> tweets;
    private final Deletions deletions;

    /** Holds up to {@code capacity} tweets, about 1 KB each. */
    public ScoredTweets(int capacity, Deletions deletions) {
        this.deletions = deletions;
        this.tweets = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Scored> eldest) {
                return size() > capacity;
            }
        };
    }

    @Override
    public synchronized void event(ScoredTweet scored, Position position) {
        String id = scored.getTweet().getId();
        List<TweetPhoto> photos =
                scored.getTweet().getImages().stream().map(ScoredTweets::photo).toList();
        if (deletions.hasTweet(id)) {
            photos.forEach(photo -> deletions.photo(photo.sha256()));
            return;
        }
        String text = scored.getTweet().getText();
        Scores scores = scored.getScores();
        tweets.put(
                id,
                new Scored(
                        text.substring(0, Math.min(MAX_TEXT, text.length())),
                        scores.getNegative(),
                        scores.getNeutral(),
                        scores.getPositive(),
                        photos));
    }

    private static TweetPhoto photo(Image image) {
        return new TweetPhoto(image.getIndex(), PhotoLink.of(image.getKey()), image.getSha256());
    }

    @Override
    public synchronized void deleted(String tweetId) {
        deletions.tweet(tweetId);
        Scored gone = tweets.remove(tweetId);
        if (gone != null) {
            gone.photos().forEach(photo -> deletions.photo(photo.sha256()));
        }
    }

    /** What is known of this tweet. */
    public synchronized Optional<Scored> of(String tweetId) {
        return Optional.ofNullable(tweets.get(tweetId));
    }
}
