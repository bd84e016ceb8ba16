package dev.murmuration.console.track;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What somebody wants to follow, by what they typed or pasted. */
public sealed interface Subject {

    /**
     * A tweet.
     *
     * @param id as its feed gave it
     */
    record Tweet(String id) implements Subject {}

    /**
     * A photo.
     *
     * @param sha256 of its bytes
     */
    record Photo(String sha256) implements Subject {}

    /**
     * A shard.
     *
     * @param key in the object store
     */
    record Shard(String key) implements Subject {}

    /**
     * A sample of a shard.
     *
     * @param tweetHash the beginning of the SHA-256 of its tweet's id
     * @param index of the photo
     */
    record Sample(String tweetHash, int index) implements Subject {}

    /** What kind of thing it is, in a word. */
    default String kind() {
        return switch (this) {
            case Tweet tweet -> "tweet";
            case Photo photo -> "photo";
            case Shard shard -> "shard";
            case Sample sample -> "sample";
        };
    }

    /** Reads an id, a hash, the key of a shard, a photo or a sample, or a link to a post. */
    static Subject of(String typed) {
        String text = typed.strip();
        Matcher shard = Patterns.SHARD.matcher(text);
        if (shard.find()) {
            return new Shard(shard.group());
        }
        Matcher photo = Patterns.PHOTO.matcher(text);
        if (photo.find()) {
            return new Photo(photo.group(1));
        }
        Matcher sample = Patterns.SAMPLE.matcher(text);
        if (sample.matches()) {
            return new Sample(sample.group(1), Integer.parseInt(sample.group(2)));
        }
        Matcher link = Patterns.LINK.matcher(text);
        return new Tweet(link.matches() ? link.group(1) : text);
    }

    /** Kept apart: an interface's constants are public. */
    final class Patterns {
        private static final Pattern SHARD = Pattern.compile("shards/[\\w.-]+/(?:train|val|test)/[\\w.-]+\\.tar");
        private static final Pattern PHOTO = Pattern.compile("(?<![0-9a-f])([0-9a-f]{64})(?![0-9a-f])");
        private static final Pattern SAMPLE = Pattern.compile("([0-9a-f]{16})-(\\d{1,4})(?:\\.(?:jpg|json|cls))?");
        private static final Pattern LINK = Pattern.compile("https?://\\S+?/([^/?#\\s]+)/?(?:[?#]\\S*)?");

        private Patterns() {}
    }
}
