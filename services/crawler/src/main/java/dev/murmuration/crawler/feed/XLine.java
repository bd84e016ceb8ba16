package dev.murmuration.crawler.feed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.murmuration.crawler.feed.Delivery.AuthorDeleted;
import dev.murmuration.crawler.feed.Delivery.Deleted;
import dev.murmuration.crawler.feed.Delivery.Malformed;
import dev.murmuration.crawler.feed.Delivery.Posted;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One line of X's API v2 sampled or filtered stream: {@code data} with the post, {@code includes.media} with what its {@code attachments.media_keys} name; or of
 * its compliance stream: {@code delete.tweet.id}, {@code user_delete.user.id}.
 */
public final class XLine {

    private static final int DEEPEST_NESTING = 64;
    private static final int LONGEST_ID = 256;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST_NESTING)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private XLine() {}

    /**
     * What this line says; {@link Malformed} if it is not one of the shapes above.
     *
     * @param line UTF-8 without its line break
     * @param position the feed's position after this line
     */
    public static Delivery parse(byte[] line, String position) {
        try {
            JsonNode root = JSON.readTree(line);
            if (root.at("/data/id").isTextual()) {
                return new Posted(post(root), position);
            }
            if (root.at("/delete/tweet/id").isTextual()) {
                return new Deleted(root.at("/delete/tweet/id").textValue(), position);
            }
            if (root.at("/user_delete/user/id").isTextual()) {
                return new AuthorDeleted(root.at("/user_delete/user/id").textValue(), position);
            }
            return new Malformed(line, "neither a post nor a deletion", position);
        } catch (JsonProcessingException e) {
            // Without its location, which would quote the post.
            return new Malformed(line, "not JSON: " + e.getClass().getSimpleName(), position);
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            return new Malformed(line, String.valueOf(e.getMessage()), position);
        }
    }

    private static Post post(JsonNode root) {
        JsonNode data = root.get("data");
        String id = data.get("id").textValue();
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            throw new IllegalArgumentException("an id of %d characters".formatted(id.length()));
        }
        return new Post(
                id,
                data.path("author_id").asText(""),
                data.path("lang").asText(""),
                text(data, "text"),
                createdAt(text(data, "created_at")),
                Optional.ofNullable(
                        data.path("referenced_tweets").path(0).path("type").textValue()),
                photos(data, root.at("/includes/media")));
    }

    private static String text(JsonNode data, String field) {
        String text = data.path(field).textValue();
        if (text == null) {
            throw new IllegalArgumentException("a post without " + field);
        }
        return text;
    }

    private static Instant createdAt(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new DateTimeException("created_at is no ISO 8601 time", e);
        }
    }

    // In the order in which the post attaches them; includes.media may also hold media of other posts.
    private static List<String> photos(JsonNode data, JsonNode media) {
        List<String> urls = new ArrayList<>();
        for (JsonNode key : data.at("/attachments/media_keys")) {
            for (JsonNode medium : media) {
                if (medium.path("media_key").equals(key)
                        && "photo".equals(medium.path("type").textValue())) {
                    urls.add(medium.path("url").asText(""));
                }
            }
        }
        return urls;
    }
}
