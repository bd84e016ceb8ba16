package dev.murmuration.console.dataset;

import static dev.murmuration.console.Events.at;
import static dev.murmuration.console.Events.shard;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.Split;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DataSetsTest {

    private final DataSets datasets = new DataSets();

    @Test
    void addsUpTheShardsOfADataSetBySplit() {
        datasets.event(shard("flat", Split.train, "a", 5, 6, 7, 0, 9), at("shards", 0));
        datasets.event(shard("flat", Split.val, "b", 1, 1, 1, 0, 9), at("shards", 1));
        datasets.event(shard("bal", Split.train, "c", 2, 2, 2, 0, 9), at("shards", 2));

        DataSets.DataSet flat = datasets.all().getLast();
        assertThat(flat.name()).isEqualTo("flat");
        assertThat(flat.samples()).isEqualTo(new ClassCounts(6, 7, 8));
        assertThat(flat.splits().get("val")).isEqualTo(new ClassCounts(1, 1, 1));
        assertThat(flat.shards()).isEqualTo(2);
        assertThat(flat.version()).isEqualTo(2);
        assertThat(flat.samples().scarcest()).isEqualTo("negative");
        assertThat(datasets.all().getFirst().samples().scarcest()).isEmpty();
        assertThat(flat.overTime()).extracting(point -> point.samples().sum()).containsExactly(18L, 21L, 21L);
    }

    @Test
    void countsAShardThatTakesThePlaceOfAnotherOnce() {
        datasets.event(shard("flat", Split.train, "a", 5, 5, 5, 0, 9), at("shards", 0));

        datasets.event(shard("flat", Split.train, "a2", 4, 5, 5, 0, 9), at("shards", 1), Optional.of("a"));

        assertThat(datasets.all().getFirst().samples()).isEqualTo(new ClassCounts(4, 5, 5));
        assertThat(datasets.all().getFirst().shards()).isEqualTo(1);
        assertThat(datasets.shard("a")).isEmpty();
    }

    @Test
    void findsTheShardOfAnOffsetInItsDataSetAndSplit() {
        datasets.event(shard("flat", Split.train, "a", 1, 1, 1, 0, 9), at("shards", 0));
        datasets.event(shard("flat", Split.train, "b", 1, 1, 1, 10, 19), at("shards", 1));
        datasets.event(shard("flat", Split.val, "c", 1, 1, 1, 0, 19), at("shards", 2));

        assertThat(datasets.holding(0, 9, List.of("flat"), "train"))
                .extracting(placed -> placed.shard().getKey())
                .containsExactly("a");
        assertThat(datasets.holding(0, 10, List.of("flat", "bal"), "train"))
                .extracting(placed -> placed.shard().getKey())
                .containsExactly("b");
        assertThat(datasets.holding(1, 9, List.of("flat"), "train")).isEmpty();
    }

    @Test
    void thinsItsCurveOutInsteadOfGrowing() {
        for (int i = 0; i < 10_000; i++) {
            datasets.event(shard("flat", Split.train, "key" + i, 1, 1, 1, i, i), at("shards", i));
        }

        List<DataSets.Point> points = datasets.all().getFirst().overTime();
        assertThat(points).hasSizeLessThan(1002).hasSizeGreaterThan(500);
        assertThat(points.getLast().samples().sum()).isEqualTo(30_000);
    }
}
