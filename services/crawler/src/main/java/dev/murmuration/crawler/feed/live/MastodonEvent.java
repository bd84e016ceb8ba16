package dev.murmuration.crawler.feed.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Json;
import dev.murmuration.crawler.feed.Message;
import dev.murmuration.crawler.feed.Post;
import dev.murmuration.crawler.feed.Preference;
import dev.murmuration.crawler.feed.Times;
import dev.murmuration.stage.FaultIsolation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One event of Mastodon's streaming API: {@code update} brings a status, {@code delete} the id of one; edits and announcements are ignored.
 */
final class MastodonEvent {

    // In the HTML of a description: the sign and the word can be in elements of their own.
    private static final Pattern NO_BOT =
            Pattern.compile("#(?:<[a-z]{1,16}>)?no(?:bots?|index)\\b", Pattern.CASE_INSENSITIVE);

    private MastodonEvent() {}

    /**
     * Parses an event.
     *
     * @param host of the server: ids are its own, so that it becomes a part of them
     * @param whole false if the data was longer than the limit
     * @param times gives a status its times
     * @param position the feed's position after a status of this time, or after {@link Instant#MAX} for what has none
     */
    static Optional<Delivery> parse(
            String host,
            String event,
            byte[] data,
            boolean whole,
            Times.Source times,
            Function<Instant, String> position) {
        return FaultIsolation.isolate(
                () -> expected(host, event, data, whole, times, position),
                reason -> Optional.of(malformed(data, reason, position)));
    }

    private static Optional<Delivery> expected(
            String host,
            String event,
            byte[] data,
            boolean whole,
            Times.Source times,
            Function<Instant, String> position) {
        try {
            return switch (event) {
                case "delete" -> Optional.of(deleted(host, data, whole, position));
                case "update" ->
                    Optional.of(
                            whole
                                    ? posted(host, data, times, position)
                                    : malformed(data, new Message(data, false).tooLong(), position));
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException e) {
            return Optional.of(malformed(data, String.valueOf(e.getMessage()), position));
        }
    }

    private static Delivery deleted(String host, byte[] data, boolean whole, Function<Instant, String> position) {
        String id = Json.id(new String(data, UTF_8).strip());
        return whole
                ? new Delivery.Deleted(host + "/" + id, position.apply(Instant.MAX))
                : malformed(data, new Message(data, false).tooLong(), position);
    }

    private static Delivery posted(String host, byte[] data, Times.Source source, Function<Instant, String> position) {
        JsonNode status = Json.read(data);
        String id = Json.id(status, "id");
        String author = Json.optionalId(status.path("account"), "id");
        String text = StatusText.of(Json.text(status, "content"));
        List<String> photos = photos(status.path("media_attachments"));
        Times times = source.of(Json.time(status, "created_at"));
        Post post = new Post(
                host + "/" + id,
                author.isEmpty() ? "" : host + "/" + author,
                Json.language(Json.word(status, "language")),
                text,
                times.createdAt(),
                times.arrivedAt(),
                reference(status),
                photos,
                preferences(status.path("account")));
        return new Delivery.Posted(post, data, position.apply(post.createdAt()));
    }

    private static Set<Preference> preferences(JsonNode account) {
        Set<Preference> preferences = EnumSet.noneOf(Preference.class);
        if (account.path("noindex").asBoolean(false)) {
            preferences.add(Preference.NOINDEX);
        }
        if (!account.path("indexable").asBoolean(true)) {
            preferences.add(Preference.NOT_INDEXABLE);
        }
        if (NO_BOT.matcher(account.path("note").asText("")).find()) {
            preferences.add(Preference.NOBOT);
        }
        return preferences;
    }

    private static Delivery malformed(byte[] data, String reason, Function<Instant, String> position) {
        return new Delivery.Malformed(data, reason, position.apply(Instant.MAX));
    }

    private static Optional<String> reference(JsonNode status) {
        if (status.path("reblog").isObject()) {
            return Optional.of("retweeted");
        }
        if (status.path("in_reply_to_id").isValueNode()
                && !status.path("in_reply_to_id").isNull()) {
            return Optional.of("replied_to");
        }
        return status.path("quote").isObject() ? Optional.of("quoted") : Optional.empty();
    }

    private static List<String> photos(JsonNode attachments) {
        List<String> urls = new ArrayList<>();
        for (JsonNode attachment : attachments) {
            if ("image".equals(attachment.path("type").textValue())) {
                String ours = url(attachment, "url");
                Json.addPhoto(urls, ours.isEmpty() ? url(attachment, "remote_url") : ours);
            }
        }
        return urls;
    }

    private static String url(JsonNode attachment, String field) {
        return attachment.path(field).isNull() ? "" : Json.word(attachment, field);
    }
}
