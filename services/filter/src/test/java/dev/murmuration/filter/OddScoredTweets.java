package dev.murmuration.filter;

import dev.murmuration.filter.topology.Filtering;
import dev.murmuration.filter.topology.Tweets;
import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Tweet;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Scored tweets and labelled photos as another, or a broken, service would write them: of any times, scores, sizes, ids, keys and counts.
 */
final class OddScoredTweets {

    private static final List<Instant> TIMES = List.of(
            Tweets.CREATED,
            Tweets.CREATED.plusSeconds(1),
            Instant.parse("2015-01-01T00:00:00Z"),
            Instant.parse("1969-07-20T20:17:40Z"),
            Instant.parse("9999-12-31T23:59:59Z"),
            Instant.EPOCH,
            Instant.ofEpochMilli(Long.MIN_VALUE),
            Instant.ofEpochMilli(Long.MAX_VALUE));
    private static final double[] SCORES = {
        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.1, 1.0001, -Double.MIN_VALUE
    };
    private static final List<String> KEYS = List.of(
            "", "/", "images//x", "images/../../secret", "images/" + "x".repeat(3_000), "images/x\u0000\u001b[2J");

    private final Random random;
    private final List<TestPhoto> photos;

    /** @param photos that are in the store */
    OddScoredTweets(Random random, List<TestPhoto> photos) {
        this.random = random;
        this.photos = photos;
    }

    /** Nothing to refuse but its times, which only their bounds refuse or replace. */
    ScoredTweet sound(String id) {
        List<Image> images = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            images.add(photos.get(random.nextInt(photos.size())).image(images.size()));
        }
        double sure = 0.6 + random.nextInt(4) * 0.1;
        Scores scores =
                switch (random.nextInt(3)) {
                    case 0 -> Tweets.negative(sure);
                    case 1 -> Tweets.neutral(sure);
                    default -> Tweets.positive(sure);
                };
        ScoredTweet plain =
                Tweets.tweet(id, random.nextBoolean() ? "x" : "bluesky", scores, images.toArray(Image[]::new));
        return with(
                plain,
                Tweet.newBuilder(plain.getTweet())
                        .setCreatedAt(TIMES.get(random.nextInt(TIMES.size())))
                        .setArrivedAt(TIMES.get(random.nextInt(TIMES.size()))));
    }

    /** A sound tweet that is itself up to 100 bytes smaller than a record may be: what is made of it may not be. */
    ScoredTweet atTheLimit(String id) {
        ScoredTweet plain = Tweets.tweet(
                id,
                "x",
                Tweets.positive(0.9),
                photos.get(random.nextInt(photos.size())).image(0));
        ScoredTweet empty = with(plain, Tweet.newBuilder(plain.getTweet()).setText(""));
        long bytes = DeadLetter.bytes(Filtering.utf8(id), Filtering.bytes(empty), List.of());
        int lengthPrefix = 3;
        int room = Math.toIntExact(Filtering.MAX_BYTES - bytes) - lengthPrefix;
        return with(plain, Tweet.newBuilder(plain.getTweet()).setText("x".repeat(room - random.nextInt(100))));
    }

    /** The same with something that is not as it should be. */
    ScoredTweet odd(ScoredTweet event) {
        Tweet.Builder tweet = Tweet.newBuilder(event.getTweet());
        Scores scores = event.getScores();
        List<Image> images = new ArrayList<>(event.getTweet().getImages());
        switch (random.nextInt(9)) {
            case 0 -> scores = odd(scores);
            case 1 -> tweet.setText("x".repeat(999_000 + random.nextInt(100_000)));
            case 2 -> tweet.setId(tweet.getId() + "x".repeat(5_000));
            case 3 -> tweet.setId("../" + tweet.getId() + "\u0000\ud800\u001b[2J");
            case 4 -> {
                for (int i = images.size(); i < 300; i++) {
                    images.add(Tweets.photo(i, random));
                }
            }
            case 5 -> images.add(Tweets.photo(random.nextBoolean() ? -1 : images.size(), random));
            case 6 -> images.addAll(List.copyOf(images));
            default -> {
                if (!images.isEmpty()) {
                    images.set(0, odd(images.getFirst()));
                }
            }
        }
        return ScoredTweet.newBuilder(event)
                .setScores(scores)
                .setTweet(tweet.setImages(images).build())
                .build();
    }

    private Scores odd(Scores scores) {
        double odd = SCORES[random.nextInt(SCORES.length)];
        return switch (random.nextInt(3)) {
            case 0 -> new Scores(odd, scores.getNeutral(), scores.getPositive());
            case 1 -> new Scores(scores.getNegative(), odd, scores.getPositive());
            default -> new Scores(scores.getNegative(), scores.getNeutral(), odd);
        };
    }

    private Image odd(Image image) {
        Image.Builder odd = Image.newBuilder(image);
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> odd.setKey(KEYS.get(random.nextInt(KEYS.size())));
            case 3 -> odd.setSha256(random.nextBoolean() ? "" : "g".repeat(64));
            case 4 -> odd.setPdq(ByteBuffer.wrap(new byte[random.nextInt(64)]));
            case 5 -> odd.setPdqQuality(random.nextInt());
            case 6 -> odd.setMediaType("text/html");
            case 7 -> odd.setWidth(random.nextInt()).setHeight(random.nextInt());
            case 8 -> odd.setBytes(random.nextLong());
            default -> odd.setSha256("0".repeat(64));
        }
        return odd.build();
    }

    /** A labelled photo of another id that no filter of ours would write. */
    LabelledImage odd(LabelledImage image, String id) {
        LabelledImage.Builder odd = LabelledImage.newBuilder(image).setTweetId(id);
        switch (random.nextInt(8)) {
            case 0 -> odd.setScores(odd(image.getScores()));
            case 1 ->
                odd.setDatasets(List.of("../" + image.getDatasets().getFirst()))
                        .setThresholds(List.of(image.getThresholds().getFirst()));
            case 2 -> odd.setDatasets(List.of("all", "all"));
            case 3 -> odd.setThresholds(List.of());
            case 4 -> odd.setTweetId("../" + id);
            case 5, 6 -> odd.setImage(odd(image.getImage()));
            default -> odd.setCreatedAt(TIMES.get(random.nextInt(TIMES.size())));
        }
        return odd.build();
    }

    private static ScoredTweet with(ScoredTweet event, Tweet.Builder tweet) {
        return ScoredTweet.newBuilder(event).setTweet(tweet.build()).build();
    }
}
