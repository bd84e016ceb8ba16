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
import java.util.Locale;

/** JSON from strangers: bounded nesting, no field twice, nothing behind the value. */
final class Json {

    private static final int DEEPEST_NESTING = 64;
    private static final int LONGEST_ID = 256;
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
     * @throws IllegalArgumentException if they are no JSON; its message quotes nothing of them
     */
    static JsonNode read(byte[] utf8) {
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
    static String text(JsonNode object, String field) {
        String text = object.path(field).textValue();
        if (text == null) {
            throw new IllegalArgumentException("a post without " + field);
        }
        return text;
    }

    /** An id in this field, neither empty nor longer than any network's. */
    static String id(JsonNode object, String field) {
        String id = text(object, field);
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            throw new IllegalArgumentException("an id of %d characters".formatted(id.length()));
        }
        return id;
    }

    /** An ISO 8601 time with its offset in this field. */
    static Instant time(JsonNode object, String field) {
        try {
            return OffsetDateTime.parse(text(object, field)).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(field + " is no ISO 8601 time", e);
        }
    }

    /** The language without script or region: {@code en} of {@code en-GB}. */
    static String language(String tag) {
        int end = 0;
        while (end < tag.length() && tag.charAt(end) != '-' && tag.charAt(end) != '_') {
            end++;
        }
        return tag.substring(0, end).toLowerCase(Locale.ROOT);
    }
}
