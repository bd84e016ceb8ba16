package dev.murmuration.schemas;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The header by which an event on {@code shards} takes the place of an earlier one: its shard is the earlier one without the
 * samples of tweets that were deleted since, and the earlier one is gone from the store. A reader that does not know the header
 * meets the remaining samples twice, and the earlier shard not at all.
 */
public final class ReplacedShard {

    /** Its value is the key of the shard that is replaced. */
    public static final String HEADER = "replaced-shard";

    private ReplacedShard() {}

    /** The key of the shard that a record replaces; empty for one that replaces none. */
    public static Optional<String> in(@Nullable Headers headers) {
        Header header = headers == null ? null : headers.lastHeader(HEADER);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }
}
