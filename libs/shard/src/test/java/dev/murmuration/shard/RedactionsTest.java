package dev.murmuration.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedactionsTest {

    @Test
    void coversAllSamplesOfATweetAndNoOthers() {
        Redactions redactions = new Redactions(List.of(Redactions.objectKey("1"), Redactions.objectKey("3")));

        assertThat(redactions.contains(SampleKey.of("1", 0).toString())).isTrue();
        assertThat(redactions.contains(SampleKey.of("1", 3).toString())).isTrue();
        assertThat(redactions.contains(SampleKey.of("2", 0).toString())).isFalse();
        assertThat(redactions.contains("6b86")).isFalse();
    }

    @Test
    void listsHashesInTheirOrder() {
        assertThat(new Redactions(List.of(Redactions.objectKey("1"), Redactions.objectKey("3"))).tweetHashes())
                .containsExactly("4e07408562bedb8b", "6b86b273ff34fce1");
    }

    @Test
    void saysInAnObjectWhatItsKeySays() {
        assertThat(Redactions.objectKey("1")).isEqualTo("redactions/6b86b273ff34fce1");
        assertThat(new String(Redactions.content("1"), StandardCharsets.US_ASCII))
                .isEqualTo("6b86b273ff34fce1\n");
    }
}
