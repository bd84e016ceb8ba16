package dev.murmuration.console;

import dev.murmuration.console.topic.Position;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Teacher;
import dev.murmuration.schemas.Thresholds;
import dev.murmuration.schemas.Tweet;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/** Events for tests. */
public final class Events {

    /** When everything happened. */
    public static final Instant TIME = Instant.parse("2026-11-30T12:00:00Z");

    private static final Teacher TEACHER = new Teacher("bundled", "0123456789abcdef");

    private Events() {}

    /** A position on a topic. */
    public static Position at(String topic, long offset) {
        return new Position(topic, 0, offset, TIME.plusSeconds(offset));
    }

    /** A photo whose bytes are the ASCII of its name. */
    public static Image image(String name) {
        return image(Sha256.hex(name), name.length());
    }

    /** A photo of this hash. */
    public static Image image(String sha256, long bytes) {
        return new Image(
                0,
                "https://example.org/photo.png",
                "images/%s/%s.png".formatted(sha256.substring(0, 2), sha256),
                sha256,
                bytes,
                "image/png",
                640,
                480,
                ByteBuffer.allocate(32),
                100);
    }

    /** A tweet with these photos. */
    public static Tweet tweet(String id, String text, Image... images) {
        return new Tweet(id, "recorded", "", "en", text, TIME, TIME, List.of(images), "");
    }

    /** The tweet as the teacher scored it. */
    public static ScoredTweet scored(Tweet tweet, double negative, double neutral, double positive) {
        return new ScoredTweet(tweet, new Scores(negative, neutral, positive), TEACHER, TIME);
    }

    /** The tweet's first photo as the filter labelled it for {@code flat}. */
    public static LabelledImage labelled(ScoredTweet scored, Sentiment label) {
        return new LabelledImage(
                scored.getTweet().getId(),
                "recorded",
                "",
                scored.getTweet().getImages().getFirst(),
                scored.getTweet().getText(),
                scored.getScores(),
                label,
                TEACHER,
                List.of("flat"),
                Split.train,
                TIME,
                TIME,
                List.of(new Thresholds(0.7, 0.7, 0.7)));
    }

    /** A labelled photo of its own tweet. */
    public static LabelledImage labelled(String id, String text) {
        return labelled(scored(tweet(id, text, image(id)), 0.05, 0.05, 0.9), Sentiment.positive);
    }
}
