package dev.murmuration.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.trainer.data.DatasetShard;
import dev.murmuration.trainer.data.Prefetcher;
import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.data.ShardReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Which sample is seen when. */
class BatchScheduleTest {

    @Test
    void showsEachFreshSampleAndAsManyOldOnesAsAskedInFullBatches() {
        StreamBatches round = new StreamBatches(1, 5, 10, 21, 1, 8, false);

        List<Integer> shown = shown(round);
        assertThat(shown).hasSize(48).allMatch(index -> index >= 0 && index < 31);
        assertThat(shown).containsAll(IntStream.range(10, 31).boxed().toList());
        assertThat(shown.subList(0, 21))
                .isNotEqualTo(IntStream.range(10, 31).boxed().toList());
    }

    @Test
    void repeatsNothingWhereNothingIsToBeReplayedAndBatchesAreFull() {
        assertThat(shown(new StreamBatches(1, 5, 10, 16, 0, 8, false)))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(10, 26).boxed().toList());
    }

    @Test
    void ordersOneShardAlwaysAlikeAndTwoShardsNot() {
        assertThat(picks(new StreamBatches(1, 5, 10, 21, 1, 8, true)))
                .isEqualTo(picks(new StreamBatches(1, 5, 10, 21, 1, 8, true)));
        assertThat(picks(new StreamBatches(1, 5, 10, 21, 1, 8, true)))
                .isNotEqualTo(picks(new StreamBatches(1, 6, 10, 21, 1, 8, true)));
        assertThat(picks(new StreamBatches(1, 5, 10, 21, 1, 8, true)))
                .isNotEqualTo(picks(new StreamBatches(2, 5, 10, 21, 1, 8, true)));
    }

    @Test
    void hasNothingToDoForAnEmptyShard() {
        assertThat(new StreamBatches(1, 5, 10, 0, 1, 8, false).batches()).isZero();
        assertThat(new FinalBatches(1, 5, 0, 100, 8, false).batches()).isZero();
    }

    @Test
    void showsAllThatIsKeptInEachPassOfTheFinish() {
        FinalBatches finish = new FinalBatches(1, 9, 10, 30, 5, false);

        assertThat(finish.batches()).isEqualTo(6);
        List<Integer> shown = shown(finish);
        List<Integer> all = IntStream.range(0, 10).boxed().toList();
        for (int pass = 0; pass < 3; pass++) {
            assertThat(shown.subList(pass * 10, pass * 10 + 10)).containsExactlyInAnyOrderElementsOf(all);
        }
        assertThat(shown.subList(0, 10)).isNotEqualTo(shown.subList(10, 20));
    }

    @Test
    void knowsAnyBatchOfTheFinishWithoutThoseBefore() {
        FinalBatches whole = new FinalBatches(1, 9, 10, 30, 4, true);
        List<List<BatchSchedule.Item>> inOrder =
                LongStream.range(0, whole.batches()).mapToObj(whole::batch).toList();

        assertThat(new FinalBatches(1, 9, 10, 30, 4, true).batch(6)).isEqualTo(inOrder.get(6));
        assertThat(whole.batch(2)).isEqualTo(inOrder.get(2));
    }

    @Test
    void mirrorsAboutHalfWhereAskedAndElseNone() {
        assertThat(picks(new FinalBatches(1, 9, 10, 4000, 8, true)).stream()
                        .filter(BatchSchedule.Item::mirrored)
                        .count())
                .isBetween(1850L, 2150L);
        assertThat(picks(new FinalBatches(1, 9, 10, 4000, 8, false))).noneMatch(BatchSchedule.Item::mirrored);
        assertThat(picks(new StreamBatches(1, 9, 0, 2000, 1, 8, true)).stream()
                        .filter(BatchSchedule.Item::mirrored)
                        .count())
                .isBetween(1850L, 2150L);
        assertThat(picks(new StreamBatches(1, 9, 0, 2000, 1, 8, false))).noneMatch(BatchSchedule.Item::mirrored);
    }

    @Test
    void passesOverAllShardsInEachEpochInWindowsThatFit() {
        List<DatasetShard> dataset = IntStream.range(0, 20)
                .mapToObj(i -> new DatasetShard(new ShardReference("s" + i, "0"), 10, List.of(4L, 3L, 3L)))
                .toList();

        List<EpochSchedule.Window> windows = EpochSchedule.of(dataset, 3, 1, 35);

        for (int epoch = 0; epoch < 3; epoch++) {
            int now = epoch;
            List<EpochSchedule.Window> inside =
                    windows.stream().filter(w -> w.epoch() == now).toList();
            assertThat(inside).extracting(w -> w.shards().size()).containsExactly(3, 3, 3, 3, 3, 3, 2);
            assertThat(inside.stream().flatMap(w -> w.shards().stream()).toList())
                    .containsExactlyInAnyOrderElementsOf(dataset)
                    .isNotEqualTo(dataset);
        }
        assertThat(windows.subList(0, 7).stream()
                        .map(EpochSchedule.Window::shards)
                        .toList())
                .isNotEqualTo(windows.subList(7, 14).stream()
                        .map(EpochSchedule.Window::shards)
                        .toList());
        assertThat(EpochSchedule.of(dataset, 3, 1, 35)).isEqualTo(windows);
        assertThat(EpochSchedule.of(dataset, 3, 2, 35)).isNotEqualTo(windows);
    }

    @Test
    void givesAShardThatIsTooLargeAWindowOfItsOwn() {
        DatasetShard small = new DatasetShard(new ShardReference("small", "0"), 3, List.of(1L, 1L, 1L));
        DatasetShard large = new DatasetShard(new ShardReference("large", "0"), 99, List.of(33L, 33L, 33L));

        assertThat(EpochSchedule.of(List.of(small, large), 1, 1, 35)).hasSize(2);
        assertThat(EpochSchedule.samples(List.of(small, large))).isEqualTo(102);
        assertThat(EpochSchedule.perClass(List.of(small, large))).containsExactly(34, 34, 34);
    }

    @Test
    void makesTheNextOneWhileOneIsUsedAndNeverMore() throws InterruptedException {
        List<Long> made = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch second = new CountDownLatch(2);
        try (Prefetcher<Long> prefetcher = new Prefetcher<>(5, 8, index -> {
            made.add(index);
            second.countDown();
            return index * 10;
        })) {
            assertThat(prefetcher.next()).isEqualTo(50);
            assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(made).containsExactly(5L, 6L);
            assertThat(prefetcher.next()).isEqualTo(60);
            assertThat(prefetcher.next()).isEqualTo(70);
            assertThatThrownBy(prefetcher::next).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void failsWhereTheMakerFails() {
        try (Prefetcher<Long> prefetcher = new Prefetcher<>(0, 2, index -> {
            throw new UncheckedIOException(new IOException("no room"));
        })) {
            assertThatThrownBy(prefetcher::next)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("no room");
        }
    }

    @Test
    void keepsEverySampleWithTheSameProbability() {
        int[] kept = new int[60];
        for (int seed = 0; seed < 600; seed++) {
            Reservoir reservoir = new Reservoir(20);
            for (int shard = 0; shard < 3; shard++) {
                reservoir.offer(places(shard * 20, 20), seed, shard);
            }
            reservoir.samples().forEach(sample -> kept[sample.index()]++);
        }

        // 600 draws of 1 in 3: mean 200, deviation 11.5.
        assertThat(kept).doesNotContain(0);
        for (int count : kept) {
            assertThat(count).isBetween(150, 250);
        }
    }

    @Test
    void goesOnWithAReservoirAsIfItHadNeverBeenSaved() {
        Reservoir whole = new Reservoir(20);
        whole.offer(places(0, 30), 1, 0);
        Reservoir resumed = new Reservoir(20, whole.samples(), whole.offered());

        whole.offer(places(30, 30), 1, 1);
        resumed.offer(places(30, 30), 1, 1);

        assertThat(resumed.samples()).isEqualTo(whole.samples());
        assertThat(whole.samples()).hasSize(20);
    }

    private static List<Sample> places(int from, int count) {
        ShardReference shard = new ShardReference("shard", "0");
        return IntStream.range(from, from + count)
                .mapToObj(i -> new Sample(shard, i, String.valueOf(i), new float[3], 0, new byte[0]))
                .toList();
    }

    private static List<Integer> shown(BatchSchedule work) {
        return picks(work).stream().map(BatchSchedule.Item::index).toList();
    }

    private static List<BatchSchedule.Item> picks(BatchSchedule work) {
        List<BatchSchedule.Item> picks = new ArrayList<>();
        for (long i = 0; i < work.batches(); i++) {
            picks.addAll(work.batch(i));
        }
        return picks;
    }
}
