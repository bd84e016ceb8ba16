package dev.murmuration.filter.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.stage.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PendingDeletionsTest {

    private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");

    @Test
    void theOldestOfThoseThatRedactDidNotSeeCounts() {
        List<StoredObject> redactions = List.of(before("PT30H"), before("PT20H"), before("PT10H"));

        assertThat(age(redactions, Optional.empty())).isEqualTo(Duration.ofHours(30));
        assertThat(age(redactions, Optional.of(NOW.minus(Duration.ofHours(30)))))
                .isEqualTo(Duration.ofHours(20));
        assertThat(age(redactions, Optional.of(NOW.minus(Duration.ofHours(10)))))
                .isZero();
    }

    @Test
    void withoutDeletionsNothingWaits() {
        assertThat(age(List.of(), Optional.empty())).isZero();
    }

    @Test
    void aStoreWhoseClockIsAheadGivesNoNegativeAge() {
        assertThat(age(List.of(before("PT-1S")), Optional.empty())).isZero();
    }

    private static Duration age(List<StoredObject> redactions, Optional<Instant> followed) {
        return PendingDeletions.age(redactions, followed, NOW);
    }

    private static StoredObject before(String age) {
        return new StoredObject("redactions/" + age, 17, "etag", NOW.minus(Duration.parse(age)));
    }
}
