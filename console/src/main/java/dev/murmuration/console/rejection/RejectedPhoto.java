package dev.murmuration.console.rejection;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A rejection with what its tweet says and shows, as far as that is known.
 *
 * @param refused the rejection
 * @param tweet text, scores and photos; null if the tweet was never scored, is too old to be remembered, or was deleted
 * @param photo where to see the photo that was refused; null if that is not known
 * @param original where to see the photo that it repeats; null if it repeats none or that is not known
 * @param originalId id of the tweet that it repeats; null if it repeats none
 * @param distance PDQ distance to the original; null if it repeats none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RejectedPhoto(
        RejectionLog.Refused refused,
        ScoredTweets.@Nullable Scored tweet,
        @Nullable String photo,
        @Nullable String original,
        @Nullable String originalId,
        @Nullable Integer distance) {

    // As the filter writes it.
    private static final Pattern REPEATS = Pattern.compile("repeats (\\S+)/(\\d{1,6}), PDQ distance (\\d{1,3})");

    /** Joins a rejection with the tweets that are remembered. */
    public static RejectedPhoto of(RejectionLog.Refused refused, ScoredTweets tweets) {
        Optional<ScoredTweets.Scored> tweet = tweets.of(refused.tweetId());
        Matcher repeats = REPEATS.matcher(refused.detail());
        String originalId = repeats.matches() ? repeats.group(1) : null;
        return new RejectedPhoto(
                refused,
                tweet.orElse(null),
                tweet.flatMap(scored -> photo(scored, refused.imageIndex())).orElse(null),
                originalId == null
                        ? null
                        : tweets.of(originalId)
                                .flatMap(scored -> photo(scored, Integer.parseInt(repeats.group(2))))
                                .orElse(null),
                originalId,
                originalId == null ? null : Integer.valueOf(repeats.group(3)));
    }

    private static Optional<String> photo(ScoredTweets.Scored scored, int index) {
        return scored.photos().stream()
                .filter(photo -> index < 0 || photo.index() == index)
                .map(ScoredTweets.TweetPhoto::link)
                .filter(link -> !link.isEmpty())
                .findFirst();
    }
}
