package dev.murmuration.filter.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.filter.precision.Draw;
import dev.murmuration.schemas.PerClass;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Teacher;
import dev.murmuration.schemas.Thresholds;
import dev.murmuration.schemas.TopicNames;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ManifestTest {

    private static final Manifest MANIFEST = new Manifest(List.of(
            new Manifest.Entry(0, shard("flat", Split.train, 0, "a", 5, 2, 3), Optional.empty(), TopicNames.PLAIN),
            new Manifest.Entry(1, shard("bal", Split.train, 0, "b", 1, 1, 1), Optional.empty(), TopicNames.PLAIN),
            // Offset 2 is a transaction's marker.
            new Manifest.Entry(3, shard("flat", Split.val, 10, "c", 1, 0, 0), Optional.empty(), TopicNames.PLAIN),
            new Manifest.Entry(5, shard("flat", Split.train, 10, "d", 4, 4, 4), Optional.empty(), TopicNames.PLAIN)));

    @Test
    void countsWhatWasCommittedBeforeAVersion() {
        Version version = MANIFEST.version("flat", 5);

        assertThat(version.number()).isEqualTo(4);
        assertThat(version.shards().map(Shard::getKey)).containsExactly("a", "c");
        assertThat(version.samples()).isEqualTo(11);
        assertThat(version.samples(Sentiment.negative, Optional.empty())).isEqualTo(6);
        assertThat(version.samples(Sentiment.negative, Optional.of(Split.val))).isEqualTo(1);
        assertThat(MANIFEST.version("flat", 6).shards().map(Shard::getKey)).containsExactly("a", "c", "d");
    }

    @Test
    void knowsAVersionAfterEveryEvent() {
        assertThat(MANIFEST.versions("flat")).extracting(Version::number).containsExactly(1L, 4L, 6L);
        assertThat(MANIFEST.newest().keySet()).containsExactly("bal", "flat");
    }

    @Test
    void saysWhichClassIsScarcest() {
        assertThat(MANIFEST.version("flat", Long.MAX_VALUE).scarcest()).contains(Sentiment.neutral);
        assertThat(MANIFEST.version("bal", Long.MAX_VALUE).scarcest()).isEmpty();
    }

    /** What was redacted is out of every version, since the older shard is gone. */
    @Test
    void letsARewrittenShardTakeThePlaceOfTheOlder() {
        Manifest redacted = new Manifest(List.of(
                new Manifest.Entry(0, shard("flat", Split.train, 0, "a", 5, 2, 3), Optional.empty(), TopicNames.PLAIN),
                new Manifest.Entry(1, shard("flat", Split.train, 10, "d", 4, 4, 4), Optional.empty(), TopicNames.PLAIN),
                new Manifest.Entry(2, shard("flat", Split.train, 0, "a2", 4, 2, 3), Optional.of("a"), TopicNames.PLAIN),
                new Manifest.Entry(
                        3, shard("flat", Split.train, 0, "a3", 3, 2, 3), Optional.of("a2"), TopicNames.PLAIN)));

        assertThat(redacted.version("flat", Long.MAX_VALUE).shards().map(Shard::getKey))
                .containsExactly("a3", "d");
        assertThat(redacted.version("flat", 1).shards().map(Shard::getKey)).containsExactly("a3");
        assertThat(redacted.version("flat", 1).number()).isEqualTo(1);
    }

    @Test
    void saysWhatThereIsInsteadOfAnUnknownDataSet() {
        assertThatThrownBy(() -> MANIFEST.version("falt", 9)).hasMessage("there is no data set falt, only [bal, flat]");
        assertThatThrownBy(() -> MANIFEST.version("bal", 1)).hasMessage("data set bal has nothing before version 1");
    }

    @Test
    void drawsTheSameNumberOfEachClassFromAllShards() {
        Version version = MANIFEST.version("flat", Long.MAX_VALUE);
        Set<String> seen = new HashSet<>();
        for (long seed = 0; seed < 200; seed++) {
            Draw draw = Draw.of(version, 3, seed);
            Map<Sentiment, Integer> drawn = new java.util.EnumMap<>(Sentiment.class);
            draw.places()
                    .forEach((shard, labels) -> labels.forEach((label, places) -> {
                        drawn.merge(label, places.size(), Integer::sum);
                        long here =
                                Version.of(version.shards().toList().get(shard).getPerClass(), label);
                        assertThat(places).allMatch(place -> place >= 0 && place < here);
                        places.forEach(place -> seen.add(shard + " " + label + " " + place));
                    }));
            assertThat(drawn)
                    .containsExactlyInAnyOrderEntriesOf(
                            Map.of(Sentiment.negative, 3, Sentiment.neutral, 3, Sentiment.positive, 3));
        }
        assertThat(seen).as("every sample is drawn some time").hasSize(10 + 6 + 7);
    }

    @Test
    void drawsAllWhereThereAreNotEnoughAndTheSameForTheSameSeed() {
        Version version = MANIFEST.version("flat", Long.MAX_VALUE);

        assertThat(Draw.of(version, 1000, 1)).isEqualTo(Draw.of(version, 1000, 2));
        assertThat(Draw.of(version, 2, 1)).isEqualTo(Draw.of(version, 2, 1)).isNotEqualTo(Draw.of(version, 2, 5));
        assertThat(Draw.of(version, 1000, 1).places().get(1))
                .isEqualTo(Map.of(Sentiment.negative, new TreeSet<>(Set.of(0L))));
    }

    static Shard shard(
            String dataset, Split split, long firstOffset, String key, long negative, long neutral, long positive) {
        return new Shard(
                dataset,
                split,
                key,
                "0".repeat(64),
                1000L,
                (int) (negative + neutral + positive),
                new PerClass(negative, neutral, positive),
                0,
                firstOffset,
                firstOffset + 9,
                new Teacher("t", "v"),
                new Thresholds(0.7, 0.7, 0.7),
                Instant.parse("2022-04-04T12:00:00Z"));
    }
}
