package dev.murmuration.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.trainer.data.Sample;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordProgressTest {

    private static final Plan PLAN = DrawnSamples.plan(DrawnSamples.recipe(), 0);
    private static final List<Sample> SHARD = DrawnSamples.samples("a", 24);
    private static final int RESERVOIR = 5;

    private final RecordProgress record = new RecordProgress(PLAN);

    @Test
    void continuesWithTheSameBatchesWhereNothingWasDeleted() {
        assertThat(record.begin(3, 0, RESERVOIR, 0, SHARD)).isEqualTo(SHARD);
        List<BatchSchedule.Item> third = record.batches().batch(2);
        record.batchDone();

        assertThat(record.begin(3, 8, RESERVOIR, 0, SHARD)).isEqualTo(SHARD);

        assertThat(record.batchesDone()).isEqualTo(1);
        assertThat(record.batches().batch(2)).isEqualTo(third);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void learnsEachOfTheOthersOnceWhenSomeWereDeletedMeanwhile(int batchesDone) {
        List<String> learned = learn(3, RESERVOIR, SHARD, batchesDone);

        learned.addAll(learn(3, RESERVOIR, SHARD.subList(4, 24), Integer.MAX_VALUE));

        assertThat(Set.copyOf(learned)).containsAll(keys(SHARD.subList(4, 24)));
        assertThat(learned).doesNotHaveDuplicates();
    }

    @Test
    void learnsEachOfTheOthersOnceWhenTheReservoirLostSome() {
        List<String> learned = learn(3, RESERVOIR, SHARD, 1);

        learned.addAll(learn(3, RESERVOIR - 1, SHARD, Integer.MAX_VALUE));

        assertThat(learned).containsExactlyInAnyOrderElementsOf(keys(SHARD));
    }

    @Test
    void learnsOfAShardThatWasReplacedTwiceWhatWasInNeither() {
        List<String> learned = learn(3, RESERVOIR, SHARD, 1);
        record.await("a", 3);
        record.continueWith("a");
        learned.addAll(learn(7, RESERVOIR, SHARD.subList(1, 24), 1));
        record.await("b", 7);
        record.awaited().remove("a");
        record.continueWith("b");

        learned.addAll(learn(9, RESERVOIR, SHARD.subList(2, 24), Integer.MAX_VALUE));

        assertThat(learned).doesNotHaveDuplicates();
        assertThat(Set.copyOf(learned)).containsAll(keys(SHARD.subList(2, 24)));
    }

    @Test
    void awaitsAShardThatWasGoneFromTheBeginningAsAWhole() {
        learn(2, RESERVOIR, DrawnSamples.samples("before", 8), 1);
        record.skip(2);
        record.await("a", 3);

        record.continueWith("a");

        assertThat(record.begin(7, 0, RESERVOIR, 0, SHARD)).isEqualTo(SHARD);
    }

    // Keys of the fresh samples in the batches, up to the first batch that is not to be done; without those that fill
    // the last batch.
    private List<String> learn(long offset, int reservoir, List<Sample> samples, int batches) {
        List<Sample> fresh = record.begin(offset, 0, reservoir, 0, samples);
        BatchSchedule schedule = record.batches();
        Set<String> keys = new HashSet<>();
        while (record.batchesDone() < Math.min(batches, schedule.batches())) {
            for (BatchSchedule.Item item : schedule.batch(record.batchesDone())) {
                if (item.index() >= reservoir) {
                    keys.add(fresh.get(item.index() - reservoir).key());
                }
            }
            record.batchDone();
        }
        return new ArrayList<>(keys);
    }

    private static List<String> keys(List<Sample> samples) {
        return samples.stream().map(Sample::key).toList();
    }
}
