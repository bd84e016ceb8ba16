package dev.murmuration.crawler.feed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.murmuration.crawler.feed.Delivery.AuthorDeleted;
import dev.murmuration.crawler.feed.Delivery.Deleted;
import dev.murmuration.crawler.feed.Delivery.Malformed;
import dev.murmuration.crawler.feed.Delivery.Posted;
import dev.murmuration.stage.FaultIsolation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One line of X's API v2 sampled or filtered stream: {@code data} with the post, {@code includes.media} with what its
 * {@code attachments.media_keys} name; or of its compliance stream: {@code delete.tweet.id}, {@code user_delete.user.id}. The
 * text of a long post is that of its {@code note_tweet}.
 */
public final class XLine {

    private XLine() {}

    /**
     * Parses a line; {@link Malformed} if it is not one of the shapes above.
     *
     * @param line UTF-8 without its line break
     * @param times gives a post its times
     * @param position the feed's position after this line
     */
    public static Delivery parse(byte[] line, Times.Source times, String position) {
        return parse(line, times, posted -> position);
    }

    /**
     * Parses a line for a feed whose position depends on it.
     *
     * @param position the feed's position after a post of this time, or after {@link Instant#MAX} for what has none
     */
    public static Delivery parse(byte[] line, Times.Source times, Function<Instant, String> position) {
        return FaultIsolation.isolate(
                () -> expected(line, times, position),
                reason -> new Malformed(line, reason, position.apply(Instant.MAX)));
    }

    private static Delivery expected(byte[] line, Times.Source times, Function<Instant, String> position) {
        try {
            return delivery(Json.read(line), line, times, position);
        } catch (IllegalArgumentException e) {
            return new Malformed(line, String.valueOf(e.getMessage()), position.apply(Instant.MAX));
        }
    }

    /** Returns the reason that X gives when it ends a stream by a line without a post; empty if this is not such a line. */
    public static Optional<String> goodbye(byte[] line) {
        try {
            JsonNode root = Json.read(line);
            JsonNode error = root.path("errors").path(0);
            return root.has("data") || error.isMissingNode()
                    ? Optional.empty()
                    : Optional.of(error.path("title").asText("an error without a title"));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Delivery delivery(
            JsonNode root, byte[] line, Times.Source times, Function<Instant, String> position) {
        if (root.at("/data/id").isTextual()) {
            Post post = post(root, times);
            return new Posted(post, line, position.apply(post.createdAt()));
        }
        String untimed = position.apply(Instant.MAX);
        JsonNode deleted = root.at("/delete/tweet");
        if (deleted.path("id").isTextual()) {
            return new Deleted(Json.id(deleted, "id"), untimed);
        }
        JsonNode user = root.at("/user_delete/user");
        if (user.path("id").isTextual()) {
            return new AuthorDeleted(Json.id(user, "id"), untimed);
        }
        return new Malformed(line, "neither a post nor a deletion", untimed);
    }

    private static Post post(JsonNode root, Times.Source source) {
        JsonNode data = root.get("data");
        String id = Json.id(data, "id");
        String author = Json.optionalId(data, "author_id");
        String text = text(data);
        List<String> photos = photos(data, root.path("includes").path("media"));
        // Last, because a time is counted and a recording's clock moves by it: not by what is refused.
        Times times = source.of(Json.time(data, "created_at"));
        return new Post(
                id,
                author,
                Json.language(Json.word(data, "lang")),
                text,
                times.createdAt(),
                times.arrivedAt(),
                Optional.ofNullable(data.path("referenced_tweets")
                                .path(0)
                                .path("type")
                                .textValue())
                        .map(Json::wellFormed),
                photos);
    }

    // The text of a long post is cut off in `text`.
    private static String text(JsonNode data) {
        JsonNode note = data.path("note_tweet");
        return note.path("text").isTextual() ? Json.text(note, "text") : Json.text(data, "text");
    }

    // In the order in which the post attaches them; includes.media may also hold media of other posts.
    private static List<String> photos(JsonNode data, JsonNode media) {
        Map<String, String> urls = new HashMap<>();
        for (JsonNode medium : media) {
            if ("photo".equals(medium.path("type").textValue())) {
                urls.putIfAbsent(Json.word(medium, "media_key"), Json.word(medium, "url"));
            }
        }
        List<String> photos = new ArrayList<>();
        for (JsonNode key : data.path("attachments").path("media_keys")) {
            String url = urls.get(Json.wellFormed(key.asText("")));
            if (url != null) {
                Json.addPhoto(photos, url);
            }
        }
        return photos;
    }
}
