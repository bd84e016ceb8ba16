package dev.murmuration.schemas;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The names of topics and consumer groups on the broker: their plain names in the pipeline, and with a prefix in a
 * relabelling, which reads the same {@code tweets} and adds to the same {@code shards}, but has everything between, and every
 * refusal and dead letter, for itself.
 *
 * @param prefix empty, or lower-case letters, digits and hyphens
 */
public record TopicNames(String prefix) {

    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9-]{0,60}");

    /** The pipeline itself. */
    public static final TopicNames PLAIN = new TopicNames("");

    /** The header of a shard's event that says of which relabelling it is: its value is the prefix. The pipeline's own shards have none. */
    public static final String HEADER = "topics-prefix";

    private static final List<Topic> OWN = List.of(
            Topics.SCORED_TWEETS,
            Topics.LABELLED_IMAGES,
            Topics.REJECTIONS,
            Topics.deadLetters("teacher"),
            Topics.deadLetters("filter"));

    /** Checks that the prefix can be part of a topic's name. */
    public TopicNames {
        if (!ALLOWED.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is not made of at most 60 lower-case letters, digits and hyphens".formatted(prefix));
        }
    }

    /** Of the relabelling with this name. */
    public static TopicNames ofRelabelling(String name) {
        return new TopicNames("relabel-" + name + "-");
    }

    /** Of the relabelling that a shard's event belongs to; {@link #PLAIN} for those of the pipeline. */
    public static TopicNames in(@Nullable Headers headers) {
        Header header = headers == null ? null : headers.lastHeader(HEADER);
        return header == null || header.value() == null
                ? PLAIN
                : new TopicNames(new String(header.value(), StandardCharsets.UTF_8));
    }

    /** Whether this is a relabelling. */
    public boolean isRelabelling() {
        return !prefix.isEmpty();
    }

    /** The name of a topic on the broker. Its schema stays registered under the plain one. */
    public String of(Topic topic) {
        return OWN.contains(topic) ? prefix + topic.name() : topic.name();
    }

    /** The name of a consumer group. */
    public String group(String plain) {
        return prefix + plain;
    }

    /** The plain name of what {@link #of} or {@link #group} named. */
    public String plain(String name) {
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    /** The topics that a relabelling has for itself, by their plain names. */
    public static List<Topic> own() {
        return OWN;
    }
}
