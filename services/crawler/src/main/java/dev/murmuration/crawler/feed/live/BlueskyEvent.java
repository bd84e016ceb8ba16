package dev.murmuration.crawler.feed.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Json;
import dev.murmuration.crawler.feed.Oddities;
import dev.murmuration.crawler.feed.Oddities.Kind;
import dev.murmuration.crawler.feed.PlausibleTimes;
import dev.murmuration.crawler.feed.Post;
import dev.murmuration.crawler.feed.Preference;
import dev.murmuration.crawler.feed.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * One event of Jetstream: {@code commit} creates or deletes a post or an account's declaration of intents, {@code account} reports
 * the status of an account. An account that is not active, for whatever reason, has no posts to show, so they are deleted. Edits,
 * identities and other collections are ignored, and so are frames of any other kind, which are counted, since Jetstream gets new
 * ones.
 */
final class BlueskyEvent {

    /** The collection of posts. */
    static final String POSTS = "app.bsky.feed.post";

    /** The collection with what an account declares about the use of its data, one record each. */
    static final String INTENTS = "org.user-intents.declaration";

    private static final Set<String> ABOUT_POSTS = Set.of("commit", "account", "identity");
    private static final Set<String> WITHOUT_PHOTOS =
            Set.of("", "app.bsky.embed.external", "app.bsky.embed.video", "app.bsky.embed.record");
    private static final String GALLERY = "app.bsky.embed.gallery";
    private static final Map<String, Preference> INTENDED = Map.of(
            "bulkDataset",
            Preference.BULK_DATASET,
            "syntheticContentGeneration",
            Preference.SYNTHETIC_CONTENT_GENERATION);
    private static final Pattern KIND = Pattern.compile("[A-Za-z#._-]{1,32}");
    private static final Pattern DID = Pattern.compile("did:[a-z]{1,32}:[A-Za-z0-9._:%-]{1,200}");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._~:-]{1,200}");
    private static final Pattern CID = Pattern.compile("[A-Za-z0-9]{1,128}");

    private BlueskyEvent() {}

    /** The kind of a frame that is not about posts, such as {@code sync} or {@code info}; empty for one that may be. */
    static Optional<String> otherKind(JsonNode event) {
        String kind = event.path("kind").asText("");
        return KIND.matcher(kind).matches() && !ABOUT_POSTS.contains(kind) ? Optional.of(kind) : Optional.empty();
    }

    /** Whether the server says that it does not go back as far as it was asked to. */
    static boolean saysThatTheCursorIsOutdated(JsonNode event) {
        return "OutdatedCursor".equals(event.path("info").path("name").textValue());
    }

    /** The server's time of this event, in microseconds since the epoch, whatever it is. */
    static long micros(JsonNode event) {
        JsonNode time = event.path("time_us");
        if (!time.canConvertToLong() || time.longValue() <= 0) {
            throw new IllegalArgumentException("an event without time_us");
        }
        return time.longValue();
    }

    /** Its identity on every server: its commit, or its number in the network. */
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

    /**
     * Its deliveries, if any; refused if it is malformed.
     *
     * @param raw the bytes that it came in
     * @param arrived when the server had it
     */
    static Optional<Delivery> delivery(
            JsonNode event,
            byte[] raw,
            String photoUrl,
            Instant arrived,
            PlausibleTimes plausible,
            Supplier<String> position) {
        return switch (event.path("kind").asText("")) {
            case "commit" -> commit(event, raw, photoUrl, arrived, plausible, position);
            case "account" ->
                event.path("account").path("active").asBoolean(true)
                        ? Optional.empty()
                        : Optional.of(new Delivery.AuthorDeleted(did(event), position.get()));
            case "identity" -> Optional.empty();
            default -> throw new IllegalArgumentException("an event of no known kind");
        };
    }

    private static Optional<Delivery> commit(
            JsonNode event,
            byte[] raw,
            String photoUrl,
            Instant arrived,
            PlausibleTimes plausible,
            Supplier<String> position) {
        JsonNode commit = event.path("commit");
        if (INTENTS.equals(commit.path("collection").textValue())) {
            return Optional.of(new Delivery.Declared(did(event), declared(commit), position.get()));
        }
        if (!POSTS.equals(commit.path("collection").textValue())) {
            return Optional.empty();
        }
        String did = did(event);
        String id = "at://%s/%s/%s".formatted(did, POSTS, matching(KEY, Json.text(commit, "rkey"), "rkey"));
        return switch (commit.path("operation").asText("")) {
            case "create" -> {
                JsonNode record = commit.path("record");
                String text = Json.text(record, "text");
                List<String> photos = photos(did, record.path("embed"), photoUrl, plausible.oddities());
                Times times = times(record, arrived, plausible);
                Post post = new Post(
                        id,
                        did,
                        Json.language(
                                Json.wellFormed(record.path("langs").path(0).asText(""))),
                        text,
                        times.createdAt(),
                        times.arrivedAt(),
                        reference(record),
                        photos,
                        record.at("/labels/values").isEmpty() ? Set.of() : Set.of(Preference.LABELS));
                yield Optional.of(new Delivery.Posted(post, raw, position.get()));
            }
            case "delete" -> Optional.of(new Delivery.Deleted(id, position.get()));
            default -> Optional.empty();
        };
    }

    // After a deletion there is no record, which declares nothing.
    private static Set<Preference> declared(JsonNode commit) {
        Set<Preference> disallowed = EnumSet.noneOf(Preference.class);
        INTENDED.forEach((intent, preference) -> {
            JsonNode allow = commit.path("record").path(intent).path("allow");
            if (allow.isBoolean() && !allow.booleanValue()) {
                disallowed.add(preference);
            }
        });
        return disallowed;
    }

    // The author's clock is untrusted; the server's is the latest possible time.
    private static Times times(JsonNode record, Instant arrived, PlausibleTimes plausible) {
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

    private static List<String> photos(String did, JsonNode embed, String photoUrl, Oddities oddities) {
        List<String> urls = new ArrayList<>();
        String type = embed.path("$type").asText("");
        switch (type) {
            case "app.bsky.embed.images" ->
                embed.path("images").forEach(image -> Json.addPhoto(urls, url(did, image, photoUrl)));
            // The successor, for more than four; later also for more than images.
            case GALLERY -> {
                for (JsonNode item : embed.path("items")) {
                    String itemType = item.path("$type").asText(GALLERY + "#image");
                    if (itemType.equals(GALLERY + "#image")) {
                        Json.addPhoto(urls, url(did, item, photoUrl));
                    } else {
                        oddities.count(Kind.UNKNOWN_EMBED, itemType);
                    }
                }
            }
            // Quotes are references, with photos or without.
            case "app.bsky.embed.recordWithMedia" -> {}
            default -> {
                if (!WITHOUT_PHOTOS.contains(type)) {
                    oddities.count(Kind.UNKNOWN_EMBED, type);
                }
            }
        }
        return urls;
    }

    private static String url(String did, JsonNode image, String photoUrl) {
        String cid = image.path("image").path("ref").path("$link").asText("");
        return CID.matcher(cid).matches() ? photoUrl.replace("{did}", did).replace("{cid}", cid) : "";
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
