package dev.murmuration.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** What needs no registry; the rest is tested against a real one in local/. */
class EventReaderTest {

    /** A port that nothing listens on. */
    private static final RegistrySettings NOWHERE = new RegistrySettings(
            "http://127.0.0.1:1/apis/registry/v3",
            RegistrySettings.APICURIO_SERIALIZER,
            RegistrySettings.APICURIO_DESERIALIZER,
            Duration.ofMillis(300),
            Map.of());

    private final EventReader<Tweet> reader = EventReader.of(NOWHERE, Topics.TWEETS, Tweet.class);

    @Test
    void takesANullValueForADeletion() {
        assertThat(reader.read(new RecordHeaders(), null)).isEqualTo(new Decoded.Tombstone<Tweet>());
    }

    @Test
    void takesTheMarkerForTheEndOfTheFeedAndNotForADeletion() {
        EndOfFeed marker = new EndOfFeed("simulator", 0, 1);

        Decoded<Tweet> decoded = reader.read(new RecordHeaders().add(EndOfFeed.HEADER, marker.header()), null);

        assertThat(decoded).isEqualTo(new Decoded.Ended<Tweet>(marker));
    }

    @Test
    void namesBytesThatAreNoEvent() {
        assertThat(reader.read(null, new byte[] {'{', '}', 0, 0, 0, 1}))
                .isEqualTo(new Decoded.Undecodable<Tweet>(
                        "no event: 6 bytes that do not start with the wire format's 0x00 and a schema id"));
    }

    @Test
    void namesBytesThatAreTooShortForASchemaId() {
        assertThat(reader.read(null, new byte[] {0, 0, 0, 1}))
                .isEqualTo(new Decoded.Undecodable<Tweet>(
                        "no event: 4 bytes that do not start with the wire format's 0x00 and a schema id"));
    }

    @Test
    void neverBlamesTheRecordForARegistryThatIsAway() {
        byte[] event = {0, 0, 0, 0, 1, 2, 3};

        assertThatThrownBy(() -> reader.read(null, event))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("http://127.0.0.1:1/apis/registry/v3")
                .hasMessageContaining("check registry.url");
    }

    @Test
    void refusesToWriteAnEventOnATopicThatCarriesAnother() {
        Rejection rejection = new Rejection("1", null, "crawler", "no-photo", "", Instant.EPOCH);
        try (EventWriter writer = new EventWriter(NOWHERE)) {
            assertThatThrownBy(() -> writer.write(Topics.TWEETS, rejection))
                    .hasMessage("tweets does not carry Rejection");
        }
    }

    @Test
    void namesTheSettingOfSerdesThatAreNotThere() {
        RegistrySettings settings = new RegistrySettings(
                "http://127.0.0.1:1", "com.example.NoSerializer", "x", Duration.ofSeconds(1), Map.of());

        assertThatThrownBy(() -> new EventWriter(settings))
                .hasMessage("registry.serializer = com.example.NoSerializer: no such class on the class path");
    }
}
