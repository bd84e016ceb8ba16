package dev.murmuration.crawler.feed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;

/**
 * Reads untrusted JSON: bounded nesting, no duplicate fields, nothing after the value; valid Unicode, and ids, languages and
 * lists of bounded length.
 */
public final class Json {

    private static final int DEEPEST_NESTING = 64;
    // crawler.max-photos decides how many of these are fetched.
    private static final int MAX_PHOTOS = 10_000;
    private static final int MAX_ID_LENGTH = 256;
    private static final int MAX_LANGUAGE_LENGTH = 16;
    private static final int REPLACEMENT = 0xFFFD;
    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST_NESTING)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /**
     * The value in these bytes.
     *
     * @throws IllegalArgumentException if they are not JSON; its message quotes nothing of them
     */
    public static JsonNode read(byte[] utf8) {
        try {
            return STRICT.readTree(utf8);
        } catch (JsonProcessingException e) {
            // Without its location, which would quote the post.
            throw new IllegalArgumentException("not JSON: " + e.getClass().getSimpleName(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("not UTF-8", e);
        }
    }

    /** The text of this field; refused if there is none. */
    public static String text(JsonNode object, String field) {
        String text = object.path(field).textValue();
        if (text == null) {
            throw new IllegalArgumentException("a post without " + field);
        }
        return wellFormed(text);
    }

    /** The string, number or boolean of this field; empty if there is none. */
    public static String word(JsonNode object, String field) {
        return wellFormed(object.path(field).asText(""));
    }

    /** An id in this field, neither empty nor longer than any network's. */
    public static String id(JsonNode object, String field) {
        return id(text(object, field));
    }

    /** Checks an id. */
    public static String id(String id) {
        if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            throw new IllegalArgumentException("an id of %d characters".formatted(id.length()));
        }
        return id;
    }

    /** An optional id; empty if there is none. */
    public static String optionalId(JsonNode object, String field) {
        String id = word(object, field);
        return id.isEmpty() ? id : id(id);
    }

    /** An ISO 8601 time with its offset in this field. */
    public static Instant time(JsonNode object, String field) {
        try {
            return OffsetDateTime.parse(text(object, field)).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(field + " is not an ISO 8601 time", e);
        }
    }

    /** The language without script or region: {@code en} of {@code en-GB}; empty if it is longer than any language tag. */
    public static String language(String tag) {
        int end = 0;
        while (end < tag.length() && tag.charAt(end) != '-' && tag.charAt(end) != '_') {
            end++;
        }
        return end > MAX_LANGUAGE_LENGTH ? "" : tag.substring(0, end).toLowerCase(Locale.ROOT);
    }

    /** Adds the address of a photo, up to a number far above the limit of any network. */
    public static void addPhoto(List<String> photos, String url) {
        if (photos.size() == MAX_PHOTOS) {
            throw new IllegalArgumentException("a post with more than %d photos".formatted(MAX_PHOTOS));
        }
        photos.add(url);
    }

    /** This text with U+FFFD for every half of a surrogate pair, which JSON and HTML can express and UTF-8 cannot. */
    public static String wellFormed(String text) {
        if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            return text;
        }
        StringBuilder whole = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c)
                .forEach(whole::appendCodePoint);
        return whole.toString();
    }
}
