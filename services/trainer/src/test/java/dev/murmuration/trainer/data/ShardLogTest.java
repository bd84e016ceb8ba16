package dev.murmuration.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.LearnedShard;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShardLogTest {

    private final ShardLog log = new ShardLog();

    @Test
    void namesEachShardInTheFirstCheckpointAfterItWasSeen() {
        log.saw(Stream.concat(samples("a", 3), samples("b", 2)).toList());
        assertThat(log.unrecorded()).containsExactly(new LearnedShard("a", 3), new LearnedShard("b", 2));
        assertThat(log.checkpoint()).isEmpty();

        log.recordedBy("first");
        assertThat(log.checkpoint()).isEqualTo("first");
        assertThat(log.unrecorded()).isEmpty();

        log.saw(samples("c", 1).toList());
        log.saw(samples("a", 3).toList());
        assertThat(log.unrecorded()).containsExactly(new LearnedShard("c", 1));
    }

    @Test
    void countsTheLargestPartThatWasSeenOfAShard() {
        log.saw(samples("a", 2).toList());
        log.recordedBy("first");

        log.saw(samples("a", 1).toList());
        assertThat(log.unrecorded()).isEmpty();

        log.saw(samples("a", 3).toList());
        assertThat(log.unrecorded()).containsExactly(new LearnedShard("a", 3));
    }

    private static Stream<Sample> samples(String key, int count) {
        ShardReference shard = new ShardReference(key, "");
        return IntStream.range(0, count)
                .mapToObj(i -> new Sample(shard, i, String.valueOf(i), new float[3], 0, new byte[0]));
    }

    @Test
    void isEmptyWithoutSamples() {
        log.saw(List.of());

        assertThat(log.unrecorded()).isEmpty();
    }
}
