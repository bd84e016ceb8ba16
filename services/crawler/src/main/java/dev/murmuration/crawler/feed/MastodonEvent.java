package dev.murmuration.crawler.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;

/** One event of Mastodon's streaming API: {@code update} brings a status, {@code delete} the id of one; edits and announcements say nothing to us. */
final class MastodonEvent {

    private MastodonEvent() {}

    /**
     * What it says.
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
        return switch (event) {
            case "delete" ->
                Optional.of(new Delivery.Deleted(
                        host + "/" + new String(data, UTF_8).strip(), position.apply(Instant.MAX)));
            case "update" -> Optional.of(whole ? posted(host, data, times, position) : tooLong(data, position));
            default -> Optional.empty();
        };
    }

    private static Delivery posted(String host, byte[] data, Times.Source source, Function<Instant, String> position) {
        try {
            JsonNode status = Json.read(data);
            Times times = source.of(Json.time(status, "created_at"));
            Post post = new Post(
                    host + "/" + Json.id(status, "id"),
                    author(host, status),
                    Json.language(status.path("language").asText("")),
                    plain(Json.text(status, "content")),
                    times.createdAt(),
                    times.arrivedAt(),
                    reference(status),
                    photos(status.path("media_attachments")));
            return new Delivery.Posted(post, position.apply(post.createdAt()));
        } catch (IllegalArgumentException e) {
            return new Delivery.Malformed(data, String.valueOf(e.getMessage()), position.apply(Instant.MAX));
        }
    }

    private static Delivery tooLong(byte[] data, Function<Instant, String> position) {
        return new Delivery.Malformed(data, new Message(data, false).tooLong(), position.apply(Instant.MAX));
    }

    private static String author(String host, JsonNode status) {
        String id = status.path("account").path("id").asText("");
        return id.isEmpty() ? "" : host + "/" + id;
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
                String ours = attachment.path("url").asText("");
                urls.add(
                        ours.isEmpty() || ours.equals("null")
                                ? attachment.path("remote_url").asText("")
                                : ours);
            }
        }
        return urls;
    }

    // A status is HTML; what a person reads is its text, with the breaks that its paragraphs make.
    private static String plain(String html) {
        Element body = Jsoup.parseBodyFragment(html).body();
        body.select("br").after("\n");
        body.select("p").after("\n\n");
        body.select("br").remove();
        return body.wholeText().strip();
    }
}
