package dev.murmuration.console.wall;

import dev.murmuration.console.photo.PhotoLink;
import dev.murmuration.console.topic.Position;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.Scores;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A photo that at least one data set took, as the wall shows it.
 *
 * @param tweetId of its tweet
 * @param photo where to see it
 * @param sha256 of its bytes
 * @param text of the tweet; null where the filter leaves it out
 * @param negative the teacher's score of the text
 * @param neutral likewise
 * @param positive likewise
 * @param label the class of the highest score
 * @param datasets that took it
 * @param split which part of them it belongs to
 * @param createdAt when the tweet was posted, by its author's word
 * @param labelledAt when the filter labelled it
 * @param partition of {@code labelled-images}
 * @param offset there
 */
public record LabelledPhoto(
        String tweetId,
        String photo,
        String sha256,
        @Nullable String text,
        double negative,
        double neutral,
        double positive,
        String label,
        List<String> datasets,
        String split,
        Instant createdAt,
        Instant labelledAt,
        int partition,
        long offset) {

    static LabelledPhoto of(LabelledImage image, Position position) {
        Scores scores = image.getScores();
        return new LabelledPhoto(
                image.getTweetId(),
                PhotoLink.of(image.getImage().getKey()),
                image.getImage().getSha256(),
                image.getText(),
                scores.getNegative(),
                scores.getNeutral(),
                scores.getPositive(),
                image.getLabel().name(),
                List.copyOf(image.getDatasets()),
                image.getSplit().name(),
                image.getCreatedAt(),
                position.at(),
                position.partition(),
                position.offset());
    }
}
