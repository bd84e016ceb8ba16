package dev.murmuration.filter.shard;

import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Teacher;
import dev.murmuration.schemas.Thresholds;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/** Labelled images to test with. */
final class Labelled {

    static final Teacher TEACHER = new Teacher("test", "0123456789abcdef");
    static final Instant CREATED = Instant.parse("2022-04-04T12:00:00Z");

    private Labelled() {}

    static LabelledImage image(String tweetId, int index, String... datasets) {
        return image(tweetId, index, Split.train, CREATED, TEACHER, datasets);
    }

    static LabelledImage image(
            String tweetId, int index, Split split, Instant createdAt, Teacher teacher, String... datasets) {
        return new LabelledImage(
                tweetId,
                "recorded",
                "",
                photo(index, "image/jpeg", 64, 48, "0".repeat(64)),
                "text of " + tweetId,
                new Scores(0.1, 0.1, 0.8),
                Sentiment.positive,
                teacher,
                List.of(datasets),
                split,
                createdAt,
                createdAt,
                List.of());
    }

    static LabelledImage at(String tweetId, Instant createdAt, Instant arrivedAt, String... datasets) {
        return LabelledImage.newBuilder(image(tweetId, 0, Split.train, createdAt, TEACHER, datasets))
                .setArrivedAt(arrivedAt)
                .build();
    }

    /** Taken by these thresholds. */
    static LabelledImage above(Thresholds thresholds, LabelledImage image) {
        return LabelledImage.newBuilder(image)
                .setThresholds(
                        image.getDatasets().stream().map(dataset -> thresholds).toList())
                .build();
    }

    static Image photo(int index, String mediaType, int width, int height, String sha256) {
        return new Image(
                index,
                "images/1",
                "images/%s/%s".formatted(sha256.substring(0, 2), sha256),
                sha256,
                1L,
                mediaType,
                width,
                height,
                ByteBuffer.wrap(new byte[32]),
                100);
    }
}
