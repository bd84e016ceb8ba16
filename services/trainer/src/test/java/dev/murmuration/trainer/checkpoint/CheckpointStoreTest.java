package dev.murmuration.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Validation;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CheckpointStoreTest {

    @Test
    void keepsTheNewestAndTheBest() {
        List<Checkpoint> all = IntStream.range(0, 6)
                .mapToObj(i -> checkpoint(i, new double[] {.9, .5, .8, .7, .6, .55}[i]))
                .toList();

        assertThat(CheckpointStore.superseded(all, 2))
                .extracting(Checkpoint::getStep)
                .containsExactly(0L, 2L, 3L);
    }

    @Test
    void keepsTheNewestWhereNothingWasMeasured() {
        List<Checkpoint> all =
                IntStream.range(0, 4).mapToObj(i -> checkpoint(i, null)).toList();

        assertThat(CheckpointStore.superseded(all, 3))
                .extracting(Checkpoint::getStep)
                .containsExactly(0L);
        assertThat(CheckpointStore.superseded(all, 4)).isEmpty();
    }

    @Test
    void tellsOfACheckpoint() {
        assertThat(CheckpointStore.line(checkpoint(7, .25)))
                .isEqualTo(
                        "checkpoint of run at step 7: loss 1.0000, validation loss 0.2500 and accuracy 0.5000 of 10, key-7");
        assertThat(CheckpointStore.line(checkpoint(7, null)))
                .isEqualTo("checkpoint of run at step 7: loss 1.0000, key-7");
    }

    private static Checkpoint checkpoint(long step, @Nullable Double loss) {
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder()
                .setRun("run")
                .setArchitecture("a")
                .setRecipe("distil")
                .setStep(step)
                .setSamplesSeen(step)
                .setKey("key-" + step)
                .setSha256("0")
                .setDataset("flat")
                .setShardOffsets(List.of())
                .setTrainLoss(1)
                .setCreatedAt(Instant.EPOCH);
        if (loss != null) {
            checkpoint.setValidation(new Validation(10, loss, .5));
        }
        return checkpoint.build();
    }
}
