package dev.murmuration.crawler;

import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The tweets that are committed right now. */
final class CommittedTweets {

    private CommittedTweets() {}

    static List<String> imageKeys(String broker, RegistrySettings registry) {
        List<String> keys = new ArrayList<>();
        try (EventReader<Tweet> reader = EventReader.of(registry, Topics.TWEETS, Tweet.class)) {
            for (ConsumerRecord<byte[], byte[]> record : CommittedRecords.of(broker, Topics.TWEETS.name())) {
                if (reader.read(record.headers(), record.value()) instanceof Decoded.Event<Tweet>(Tweet tweet)) {
                    tweet.getImages().stream().map(Image::getKey).forEach(keys::add);
                }
            }
        }
        return keys;
    }
}
