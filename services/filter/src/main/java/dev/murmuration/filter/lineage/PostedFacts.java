package dev.murmuration.filter.lineage;

import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What the topics say of a tweet or a photo. Records are compared as bytes; only those that match are decoded.
 *
 * @param scorers the teachers that scored it
 */
public record PostedFacts(Node start, Set<Node> scorers, boolean isKnown) {

    /** Reads the topics for this tweet or photo. */
    public static PostedFacts of(Pipeline pipeline, Kind kind, String id) {
        Map<String, String> facts = new LinkedHashMap<>();
        Set<Node> scorers = new LinkedHashSet<>();
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        Predicate<ConsumerRecord<byte[], byte[]>> isMeant = kind == Kind.TWEET
                ? read -> Arrays.equals(read.key(), bytes)
                : read -> read.value() != null && holds(read.value(), bytes);
        visit(pipeline, Topics.TWEETS, Tweet.class, isMeant, tweet -> describe(kind, id, tweet, facts));
        visit(pipeline, Topics.SCORED_TWEETS, ScoredTweet.class, isMeant, scored -> {
            Scores scores = scored.getScores();
            facts.put(
                    "scores",
                    String.format(
                            Locale.ROOT,
                            "negative %.4f, neutral %.4f, positive %.4f",
                            scores.getNegative(),
                            scores.getNeutral(),
                            scores.getPositive()));
            String teacher =
                    scored.getTeacher().getName() + "@" + scored.getTeacher().getVersion();
            scorers.add(new Node(Kind.TEACHER, teacher, teacher, Map.of()));
        });
        if (kind == Kind.TWEET) {
            Map<String, Integer> reasons = new HashMap<>();
            visit(pipeline, Topics.REJECTIONS, Rejection.class, isMeant, rejection -> {
                String photo = rejection.getImageIndex() == null ? "" : "photo " + rejection.getImageIndex() + ": ";
                reasons.merge(photo + rejection.getStage() + " " + rejection.getReason(), 1, Integer::sum);
            });
            if (!reasons.isEmpty()) {
                facts.put("rejected", String.join("; ", reasons.keySet()));
            }
        }
        return new PostedFacts(new Node(kind, id, id, facts), scorers, !facts.isEmpty());
    }

    private static void describe(Kind kind, String id, Tweet tweet, Map<String, String> facts) {
        facts.put("source", tweet.getSource());
        facts.put("posted", tweet.getCreatedAt().toString());
        List<Image> images = tweet.getImages();
        if (kind == Kind.TWEET) {
            facts.put(
                    "photos",
                    String.join(", ", images.stream().map(Image::getSha256).toList()));
        } else {
            images.stream()
                    .filter(image -> image.getSha256().equals(id))
                    .findFirst()
                    .ifPresent(image -> {
                        facts.put("object", image.getKey());
                        facts.put(
                                "size",
                                "%d x %d, %d bytes".formatted(image.getWidth(), image.getHeight(), image.getBytes()));
                    });
            facts.merge("tweets", tweet.getId(), (some, more) -> some.contains(more) ? some : some + ", " + more);
        }
    }

    private static <T extends SpecificRecord> void visit(
            Pipeline pipeline,
            Topic topic,
            Class<T> type,
            Predicate<ConsumerRecord<byte[], byte[]>> isMeant,
            Consumer<T> sink) {
        try (EventReader<T> reader = pipeline.reader(topic, type)) {
            pipeline.read(topic.name(), Map.of(), read -> {
                if (isMeant.test(read)
                        && reader.read(read.headers(), read.value()) instanceof Decoded.Event<T>(T event)) {
                    sink.accept(event);
                }
            });
        }
    }

    private static boolean holds(byte[] bytes, byte[] wanted) {
        for (int start = 0; start + wanted.length <= bytes.length; start++) {
            if (Arrays.equals(bytes, start, start + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }
}
