package dev.murmuration.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.trainer.data.Ahead;
import dev.murmuration.trainer.data.KnownShard;
import dev.murmuration.trainer.data.PassedShard;
import dev.murmuration.trainer.data.Sample;
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
class OrderTest {

    @Test
    void showsEachFreshSampleAndAsManyOldOnesAsAskedInFullBatches() {
        Round round = new Round(1, 5, 10, 21, 1, 8, false);

        List<Integer> shown = shown(round);
        assertThat(shown).hasSize(48).allMatch(index -> index >= 0 && index < 31);
        assertThat(shown).containsAll(IntStream.range(10, 31).boxed().toList());
        assertThat(shown.subList(0, 21))
                .isNotEqualTo(IntStream.range(10, 31).boxed().toList());
    }

    @Test
    void repeatsNothingWhereNothingIsToBeReplayedAndBatchesAreFull() {
        assertThat(shown(new Round(1, 5, 10, 16, 0, 8, false)))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(10, 26).boxed().toList());
    }

    @Test
    void ordersOneShardAlwaysAlikeAndTwoShardsNot() {
        assertThat(picks(new Round(1, 5, 10, 21, 1, 8, true))).isEqualTo(picks(new Round(1, 5, 10, 21, 1, 8, true)));
        assertThat(picks(new Round(1, 5, 10, 21, 1, 8, true))).isNotEqualTo(picks(new Round(1, 6, 10, 21, 1, 8, true)));
        assertThat(picks(new Round(1, 5, 10, 21, 1, 8, true))).isNotEqualTo(picks(new Round(2, 5, 10, 21, 1, 8, true)));
    }

    @Test
    void hasNothingToDoForAnEmptyShard() {
        assertThat(new Round(1, 5, 10, 0, 1, 8, false).batches()).isZero();
        assertThat(new Finish(1, 5, 0, 100, 8, false).batches()).isZero();
    }

    @Test
    void showsAllThatIsKeptInEachPassOfTheFinish() {
        Finish finish = new Finish(1, 9, 10, 30, 5, false);

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
        Finish whole = new Finish(1, 9, 10, 30, 4, true);
        List<List<Pick>> inOrder =
                LongStream.range(0, whole.batches()).mapToObj(whole::batch).toList();

        assertThat(new Finish(1, 9, 10, 30, 4, true).batch(6)).isEqualTo(inOrder.get(6));
        assertThat(whole.batch(2)).isEqualTo(inOrder.get(2));
    }

    @Test
    void mirrorsAboutHalfWhereAskedAndElseNone() {
        assertThat(picks(new Finish(1, 9, 10, 4000, 8, true)).stream()
                        .filter(Pick::mirrored)
                        .count())
                .isBetween(1850L, 2150L);
        assertThat(picks(new Finish(1, 9, 10, 4000, 8, false))).noneMatch(Pick::mirrored);
        assertThat(picks(new Round(1, 9, 0, 2000, 1, 8, true)).stream()
                        .filter(Pick::mirrored)
                        .count())
                .isBetween(1850L, 2150L);
        assertThat(picks(new Round(1, 9, 0, 2000, 1, 8, false))).noneMatch(Pick::mirrored);
    }

    @Test
    void passesOverAllShardsInEachEpochInWindowsThatFit() {
        List<PassedShard> dataset = IntStream.range(0, 20)
                .mapToObj(i -> new PassedShard(new KnownShard("s" + i, "0"), 10, List.of(4L, 3L, 3L)))
                .toList();

        List<Passes.Window> windows = Passes.of(dataset, 3, 1, 35);

        for (int epoch = 0; epoch < 3; epoch++) {
            int now = epoch;
            List<Passes.Window> inside =
                    windows.stream().filter(w -> w.epoch() == now).toList();
            assertThat(inside).extracting(w -> w.shards().size()).containsExactly(3, 3, 3, 3, 3, 3, 2);
            assertThat(inside.stream().flatMap(w -> w.shards().stream()).toList())
                    .containsExactlyInAnyOrderElementsOf(dataset)
                    .isNotEqualTo(dataset);
        }
        assertThat(windows.subList(0, 7).stream().map(Passes.Window::shards).toList())
                .isNotEqualTo(windows.subList(7, 14).stream()
                        .map(Passes.Window::shards)
                        .toList());
        assertThat(Passes.of(dataset, 3, 1, 35)).isEqualTo(windows);
        assertThat(Passes.of(dataset, 3, 2, 35)).isNotEqualTo(windows);
    }

    @Test
    void givesAShardThatIsTooLargeAWindowOfItsOwn() {
        PassedShard small = new PassedShard(new KnownShard("small", "0"), 3, List.of(1L, 1L, 1L));
        PassedShard large = new PassedShard(new KnownShard("large", "0"), 99, List.of(33L, 33L, 33L));

        assertThat(Passes.of(List.of(small, large), 1, 1, 35)).hasSize(2);
        assertThat(Passes.samples(List.of(small, large))).isEqualTo(102);
        assertThat(Passes.perClass(List.of(small, large))).containsExactly(34, 34, 34);
    }

    @Test
    void makesTheNextOneWhileOneIsUsedAndNeverMore() throws InterruptedException {
        List<Long> made = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch second = new CountDownLatch(2);
        try (Ahead<Long> ahead = new Ahead<>(5, 8, index -> {
            made.add(index);
            second.countDown();
            return index * 10;
        })) {
            assertThat(ahead.next()).isEqualTo(50);
            assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(made).containsExactly(5L, 6L);
            assertThat(ahead.next()).isEqualTo(60);
            assertThat(ahead.next()).isEqualTo(70);
            assertThatThrownBy(ahead::next).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void failsWhereTheMakerFails() {
        try (Ahead<Long> ahead = new Ahead<>(0, 2, index -> {
            throw new UncheckedIOException(new IOException("no room"));
        })) {
            assertThatThrownBy(ahead::next)
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
        KnownShard shard = new KnownShard("shard", "0");
        return IntStream.range(from, from + count)
                .mapToObj(i -> new Sample(shard, i, new float[3], 0, new byte[0]))
                .toList();
    }

    private static List<Integer> shown(Work work) {
        return picks(work).stream().map(Pick::index).toList();
    }

    private static List<Pick> picks(Work work) {
        List<Pick> picks = new ArrayList<>();
        for (long i = 0; i < work.batches(); i++) {
            picks.addAll(work.batch(i));
        }
        return picks;
    }
}
