package dev.murmuration.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.RegistryUnavailableException;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Teacher;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Events on the wire, against the real registry. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WireIT {

    private static final Rejection REJECTION =
            new Rejection("17", 2, "crawler", "image-missing", "404", Instant.ofEpochMilli(1_700_000_000_123L));

    private final RegistrySettings settings =
            RegistrySettings.apicurio(platform().registryUrl());
    private final EventWriter writer = new EventWriter(settings);
    private final EventReader<Rejection> rejections = EventReader.of(settings, Topics.REJECTIONS, Rejection.class);

    PlatformSettings platform() {
        return TestPlatform.settings();
    }

    @AfterAll
    void disconnect() {
        writer.close();
        rejections.close();
    }

    @Test
    void anEventIsReadAsItWasWritten() {
        byte[] bytes = writer.write(Topics.REJECTIONS, REJECTION);

        assertThat(rejections.read(null, bytes)).isEqualTo(new Decoded.Event<>(REJECTION));
    }

    @Test
    void anEventThatNestsItsPastIsReadAsItWasWritten() {
        Image image = new Image(
                0, "a.jpg", "images/00/0.jpg", "0", 5L, "image/jpeg", 4, 3, ByteBuffer.wrap(new byte[32]), 100);
        Tweet tweet = new Tweet(
                "17",
                "recorded",
                "",
                "en",
                "text",
                Instant.ofEpochMilli(5),
                Instant.ofEpochMilli(6),
                List.of(image),
                "");
        ScoredTweet scored = new ScoredTweet(
                tweet, new Scores(.1, .2, .7), new Teacher("bundled", "0123456789abcdef"), Instant.ofEpochMilli(6));
        byte[] bytes = writer.write(Topics.SCORED_TWEETS, scored);
        try (EventReader<ScoredTweet> reader = EventReader.of(settings, Topics.SCORED_TWEETS, ScoredTweet.class)) {
            assertThat(reader.read(null, bytes)).isEqualTo(new Decoded.Event<>(scored));
        }
    }

    @Test
    void anEventStartsWithConfluentsZeroByteAndSchemaId() {
        byte[] bytes = writer.write(Topics.REJECTIONS, REJECTION);

        assertThat(bytes[0]).isZero();
        // Avro's string: length zig-zag encoded, then UTF-8.
        assertThat(Arrays.copyOfRange(bytes, 5, 8)).containsExactly(4, '1', '7');
    }

    @Test
    void anEventWhoseSchemaNobodyHasRegisteredIsWaitedForAndThenNamed() {
        Topic unprepared = new Topic("unprepared", Optional.of(Rejection.getClassSchema()), Topic.Policy.KEEP, false);
        RegistrySettings impatient = new RegistrySettings(
                settings.url(), settings.serializer(), settings.deserializer(), Duration.ofMillis(500), Map.of());
        try (EventWriter early = new EventWriter(impatient)) {
            assertThatThrownBy(() -> early.write(unprepared, REJECTION))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("does not have the schema that this version writes")
                    .hasMessageContaining("./murmuration prepare");
        }
    }

    @Test
    void anEventOfAnotherTopicIsUndecodable() {
        byte[] bytes = writer.write(Topics.REJECTIONS, REJECTION);
        try (EventReader<Tweet> tweets = EventReader.of(settings, Topics.TWEETS, Tweet.class)) {
            assertThat(tweets.read(null, bytes))
                    .isEqualTo(new Decoded.Undecodable<Tweet>("expected Tweet, found Rejection"));
        }
    }

    @Test
    void anUnknownSchemaIdIsUndecodable() {
        byte[] bytes = writer.write(Topics.REJECTIONS, REJECTION);
        bytes[1] = 0x7f;

        assertThat(rejections.read(null, bytes))
                .asString()
                .contains("schema id")
                .contains("is not in the registry");
    }

    @Test
    void aTruncatedEventIsUndecodable() {
        byte[] bytes = writer.write(Topics.REJECTIONS, REJECTION);

        Decoded<Rejection> decoded = rejections.read(null, Arrays.copyOf(bytes, bytes.length - 3));

        assertThat(decoded).isInstanceOf(Decoded.Undecodable.class);
    }

    @Test
    void aLengthThatLiesIsUndecodableAndTakesNoMemory() {
        byte[] bytes = Arrays.copyOf(writer.write(Topics.REJECTIONS, REJECTION), 10);
        // Zig-zag for a string of 2^30 bytes.
        System.arraycopy(new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x08}, 0, bytes, 5, 5);

        assertThat(rejections.read(null, bytes)).isInstanceOf(Decoded.Undecodable.class);
    }
}
