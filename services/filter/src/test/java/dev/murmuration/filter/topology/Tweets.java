package dev.murmuration.filter.topology;

import dev.murmuration.filter.dataset.DataSet;
import dev.murmuration.filter.settings.Presets;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Teacher;
import dev.murmuration.schemas.Tweet;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Tweets to test with: every value that a test does not name is plain and fixed. */
public final class Tweets {

    public static final Instant CREATED = Instant.parse("2022-04-04T12:00:00Z");
    static final Instant ARRIVED = Instant.parse("2022-04-04T12:00:01Z");
    static final Teacher TEACHER = new Teacher("test", "0123456789abcdef");

    private Tweets() {}

    /** One of the shipped data sets. */
    public static DataSet preset(String name) {
        return Objects.requireNonNull(Presets.ALL.get(name), name);
    }

    public static Scores negative(double probability) {
        return new Scores(probability, rest(probability), rest(probability));
    }

    public static Scores neutral(double probability) {
        return new Scores(rest(probability), probability, rest(probability));
    }

    public static Scores positive(double probability) {
        return new Scores(rest(probability), rest(probability), probability);
    }

    private static double rest(double probability) {
        return Math.round((1 - probability) / 2 * 10_000) / 10_000.0;
    }

    public static ScoredTweet tweet(String id, Scores scores, Image... images) {
        return tweet(id, "recorded", scores, images);
    }

    public static ScoredTweet tweet(String id, String source, Scores scores, Image... images) {
        Tweet tweet = new Tweet(
                id, source, "author-of-" + id, "en", "text of " + id, CREATED, ARRIVED, List.of(images), source);
        return new ScoredTweet(tweet, scores, TEACHER, CREATED);
    }

    /** A photo unlike any other: of another seed its bytes differ, and its PDQ hash in about 128 bits. */
    public static Image photo(int index, long seed) {
        return photo(index, new Random(seed));
    }

    /** A photo of these random bytes. */
    public static Image photo(int index, RandomGenerator random) {
        byte[] sha256 = new byte[32];
        byte[] pdq = new byte[32];
        random.nextBytes(sha256);
        random.nextBytes(pdq);
        return photo(index, sha256, pdq, 100);
    }

    /** A photo of other bytes whose PDQ hash differs from that of {@code photo(…, seed)} in this many bits. */
    public static Image alike(int index, long seed, int bits, int quality) {
        byte[] pdq = photo(index, seed).getPdq().array().clone();
        for (int bit = 0; bit < bits; bit++) {
            // Spread evenly: in no 16-bit chunk more bits than needed.
            int at = bit * 16 % 256 + bit * 16 / 256;
            pdq[at / 8] ^= (byte) (1 << at % 8);
        }
        byte[] sha256 = new byte[32];
        new Random(seed * 31 + bits).nextBytes(sha256);
        return photo(index, sha256, pdq, quality);
    }

    /** A photo of other bytes whose PDQ hash differs from that of {@code photo(…, seed)} in the 20 bits from this one on. */
    public static Image flipped(int index, long seed, int from) {
        byte[] pdq = photo(index, seed).getPdq().array().clone();
        for (int at = from; at < from + 20; at++) {
            pdq[at / 8] ^= (byte) (1 << at % 8);
        }
        byte[] sha256 = new byte[32];
        new Random(seed * 37 + from).nextBytes(sha256);
        return photo(index, sha256, pdq, 100);
    }

    private static Image photo(int index, byte[] sha256, byte[] pdq, int quality) {
        String hex = HexFormat.of().formatHex(sha256);
        return new Image(
                index,
                "images/%d.jpg".formatted(index),
                "images/%s/%s.jpg".formatted(hex.substring(0, 2), hex),
                hex,
                1000L,
                "image/jpeg",
                64,
                48,
                ByteBuffer.wrap(Arrays.copyOf(pdq, 32)),
                quality);
    }
}
