package dev.murmuration.crawler.feed;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * One event of Jetstream: {@code commit} creates or deletes a post, {@code account} says whether an account is there. An account that is not active, for whatever
 * reason, has no posts to show, so they are deleted. Edits, identities and other collections say nothing to us.
 */
final class BlueskyEvent {

    /** The collection of posts. */
    static final String POSTS = "app.bsky.feed.post";

    private static final Pattern DID = Pattern.compile("did:[a-z]{1,32}:[A-Za-z0-9._:%-]{1,200}");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._~:-]{1,200}");
    private static final Pattern CID = Pattern.compile("[A-Za-z0-9]{1,128}");

    private BlueskyEvent() {}

    /** The server's time of this event, in microseconds since the epoch. */
    static long micros(JsonNode event) {
        JsonNode time = event.path("time_us");
        if (!time.canConvertToLong() || time.longValue() <= 0) {
            throw new IllegalArgumentException("an event without time_us");
        }
        return time.longValue();
    }

    /** What tells it from every other event, on whichever server: its commit, or its number in the network. */
    static String identity(JsonNode event) {
        JsonNode commit = event.path("commit");
        return String.join(
                " ",
                did(event),
                event.path("kind").asText(""),
                commit.path("rev").asText(""),
                commit.path("operation").asText(""),
                commit.path("collection").asText(""),
                commit.path("rkey").asText(""),
                event.path("account").path("seq").asText(""),
                event.path("identity").path("seq").asText(""));
    }

    /** What it says, if anything; refused if it is not what it claims to be. */
    static Optional<Delivery> delivery(
            JsonNode event, String photoUrl, PlausibleTimes times, Supplier<String> position) {
        return switch (event.path("kind").asText("")) {
            case "commit" -> commit(event, photoUrl, times, position);
            case "account" ->
                event.path("account").path("active").asBoolean(true)
                        ? Optional.empty()
                        : Optional.of(new Delivery.AuthorDeleted(did(event), position.get()));
            case "identity" -> Optional.empty();
            default -> throw new IllegalArgumentException("an event of no known kind");
        };
    }

    private static Optional<Delivery> commit(
            JsonNode event, String photoUrl, PlausibleTimes plausible, Supplier<String> position) {
        JsonNode commit = event.path("commit");
        if (!POSTS.equals(commit.path("collection").textValue())) {
            return Optional.empty();
        }
        String did = did(event);
        String id = "at://%s/%s/%s".formatted(did, POSTS, matching(KEY, Json.text(commit, "rkey"), "rkey"));
        return switch (commit.path("operation").asText("")) {
            case "create" -> {
                JsonNode record = commit.path("record");
                Post post = post(id, did, record, times(record, micros(event), plausible), photoUrl);
                yield Optional.of(new Delivery.Posted(post, position.get()));
            }
            case "delete" -> Optional.of(new Delivery.Deleted(id, position.get()));
            default -> Optional.empty();
        };
    }

    private static Post post(String id, String did, JsonNode record, Times times, String photoUrl) {
        return new Post(
                id,
                did,
                Json.language(record.path("langs").path(0).asText("")),
                Json.text(record, "text"),
                times.createdAt(),
                times.arrivedAt(),
                reference(record),
                photos(did, record.path("embed"), photoUrl));
    }

    // The author's clock may say anything; the server's is the latest that it can have been.
    private static Times times(JsonNode record, long micros, PlausibleTimes plausible) {
        Instant server = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
        Instant arrived = plausible.now(server).createdAt();
        try {
            Times times = plausible.times(Json.time(record, "createdAt"), arrived);
            return times.createdAt().isBefore(arrived) ? times : new Times(arrived, arrived);
        } catch (IllegalArgumentException e) {
            return new Times(arrived, arrived);
        }
    }

    private static Optional<String> reference(JsonNode record) {
        if (record.path("reply").isObject()) {
            return Optional.of("replied_to");
        }
        String embed = record.path("embed").path("$type").asText("");
        return embed.startsWith("app.bsky.embed.record") ? Optional.of("quoted") : Optional.empty();
    }

    private static List<String> photos(String did, JsonNode embed, String photoUrl) {
        List<String> urls = new ArrayList<>();
        if ("app.bsky.embed.images".equals(embed.path("$type").textValue())) {
            for (JsonNode image : embed.path("images")) {
                String cid = image.path("image").path("ref").path("$link").asText("");
                urls.add(
                        CID.matcher(cid).matches()
                                ? photoUrl.replace("{did}", did).replace("{cid}", cid)
                                : "");
            }
        }
        return urls;
    }

    private static String did(JsonNode event) {
        return matching(DID, event.path("did").asText(""), "did");
    }

    private static String matching(Pattern pattern, String text, String what) {
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException("no " + what);
        }
        return text;
    }
}
