package dev.murmuration.filter.redaction;

import dev.murmuration.filter.pipeline.CommandException;
import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import dev.murmuration.stage.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Photos in the store that no tweet refers to: those of deleted tweets, and those whose crawler was killed before it sent their tweet.
 *
 * @param keys of the objects
 * @param all number of all photos
 * @param bytes total size of the unreferenced photos
 */
public record UnreferencedPhotos(List<String> keys, int all, long bytes) {

    /**
     * Lists the store before it reads the tweets, so that photos stored in between are not listed.
     *
     * @param before photos stored later are skipped: the crawler stores a photo before it sends its tweet
     * @throws CommandException if the tweets do not show for certain which photos are referenced
     */
    public static UnreferencedPhotos find(Pipeline pipeline, Instant before) {
        List<StoredObject> stored = pipeline.store().list("images/");
        Set<String> referred = referred(pipeline);
        if (referred.isEmpty() && !stored.isEmpty()) {
            throw new CommandException(
                    "there are %d photos and not one tweet that refers to any: is this the right broker? None is deleted"
                            .formatted(stored.size()));
        }
        List<String> keys = new ArrayList<>();
        long bytes = 0;
        for (StoredObject photo : stored) {
            if (!referred.contains(photo.key()) && photo.modified().isBefore(before)) {
                keys.add(photo.key());
                bytes += photo.bytes();
            }
        }
        return new UnreferencedPhotos(keys, stored.size(), bytes);
    }

    private static Set<String> referred(Pipeline pipeline) {
        Map<String, List<String>> byTweet = new HashMap<>();
        pipeline.read(Topics.TWEETS, Tweet.class, (record, decoded) -> {
            switch (decoded) {
                case Decoded.Event<Tweet>(Tweet tweet) ->
                    byTweet.put(
                            tweet.getId(),
                            tweet.getImages().stream().map(Image::getKey).toList());
                case Decoded.Tombstone<Tweet> deleted ->
                    byTweet.remove(new String(record.key(), StandardCharsets.UTF_8));
                case Decoded.Ended<Tweet> ended -> {
                    // Refers to nothing.
                }
                case Decoded.Undecodable<Tweet>(String reason) ->
                    throw new CommandException(
                            "tweets partition %d offset %d: %s. Nobody knows its photos, so none is deleted"
                                    .formatted(record.partition(), record.offset(), reason));
            }
        });
        Set<String> referred = new HashSet<>();
        byTweet.values().forEach(referred::addAll);
        return referred;
    }
}
