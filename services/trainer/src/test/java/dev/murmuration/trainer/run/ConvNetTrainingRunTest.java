package dev.murmuration.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.murmuration.programs.Torch;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Student;
import dev.murmuration.student.Training;
import dev.murmuration.student.TrainingState;
import dev.murmuration.student.network.ConvNet;
import dev.murmuration.student.network.Weight;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.trainer.checkpoint.CheckpointArchive;
import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.data.ShardDecoder;
import dev.murmuration.trainer.data.ShardReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run whose student is a network of the predecessors: shards as tars, checkpoints as tars, in the two ways of the T4SA paper. */
class ConvNetTrainingRunTest {

    private static final ConvNet HYBRID = ConvNet.named("hybrid-16-1");
    private static final ConvNet CAFFENET = ConvNet.named("caffenet-16-1");
    private static final ConvNet VGG19 = ConvNet.named("vgg19-16-1");

    /** FT-A of Vadicamo et al. (2017): all layers learn. */
    private static final long ALL_LAYERS = 0;

    /** FT-F: the fully connected ones alone, however long the stream is. */
    private static final long HEAD_ALONE = Long.MAX_VALUE;

    private static final long LAST_OFFSET = 13;

    @TempDir
    private Path folder;

    @BeforeAll
    static void onOneThreadFloatsAddUpAlike() {
        Torch.threads(1);
    }

    static Stream<Plan> plans() {
        return Stream.of(
                plan(HYBRID, ALL_LAYERS),
                plan(HYBRID, HEAD_ALONE),
                plan(CAFFENET, ALL_LAYERS),
                plan(VGG19, ALL_LAYERS));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void endsBitForBitAlikeWhenItIsKilledAndResumed(Plan plan) throws IOException {
        Path unbroken = folder.resolve("unbroken");
        try (TrainingRun run = begin(plan)) {
            stream(plan, run, step -> true);
            DrawnSamples.write(run, unbroken);
        }
        CheckpointArchive.Loaded loaded;
        try (TrainingRun run = begin(plan)) {
            stream(plan, run, step -> step.step() < 7);
            assertThat(run.step()).isEqualTo(7);
            loaded = CheckpointArchive.read(checkpoint(run), folder.resolve("parts"), plan.architecture());
        }

        Path resumed = folder.resolve("resumed");
        try (TrainingRun run = new TrainingRun(
                plan,
                Training.from(loaded.state(), Device.cpu(), Precision.FP32),
                loaded.position(),
                at(plan, loaded.position(), loaded.position().reservoir()),
                at(plan, loaded.position(), loaded.position().validation()))) {
            stream(plan, run, step -> true);
            DrawnSamples.write(run, resumed);
        }

        assertThat(resumed).hasSameBinaryContentAs(unbroken);
    }

    @ParameterizedTest
    @ValueSource(longs = {ALL_LAYERS, HEAD_ALONE})
    void movesEveryLayerOrTheFullyConnectedOnesAlone(long headFirst) throws IOException {
        Plan plan = plan(HYBRID, headFirst);
        float[] before =
                DrawnSamples.values(TrainingState.begin(HYBRID, plan.seed()).average());
        try (TrainingRun run = begin(plan)) {
            stream(plan, run, step -> true);

            float[] after = DrawnSamples.average(run, folder.resolve("state"));
            for (Weight weight : HYBRID.weights()) {
                boolean moved = false;
                for (int i = weight.offset(); i < weight.offset() + weight.length(); i++) {
                    moved |= before[i] != after[i];
                }
                assertThat(moved)
                        .as(weight.name())
                        .isEqualTo(headFirst == ALL_LAYERS || weight.name().startsWith("fc"));
            }
        }
    }

    @Test
    void leavesAStudentThatTellsTheColoursApart() throws IOException {
        Plan plan = plan(HYBRID, ALL_LAYERS);
        try (TrainingRun run = begin(plan)) {
            stream(plan, run, step -> true);
            DrawnSamples.unpack(checkpoint(run), folder.resolve("parts"));
        }

        try (Student student = Student.load(folder.resolve("parts/model"), Device.cpu(), Precision.FP32)) {
            assertThat(student.pixels()).isEqualTo(plan.pixels());
            for (int label = 0; label < 3; label++) {
                float[][] answer = student.predict(List.of(plan.pixels().of(DrawnSamples.jpeg(label, 999))));
                assertThat(answer[0][label]).as("class %d", label).isGreaterThan(.5f);
            }
        }
    }

    private static Plan plan(ConvNet network, long headFirst) {
        Recipe recipe = DrawnSamples.recipe().headFirst(headFirst, 0);
        return new Plan("run", "flat", network, network.form(), recipe, 7, 8, 1, 6, 24, 9);
    }

    private static TrainingRun begin(Plan plan) {
        return new TrainingRun(plan, Training.begin(plan.architecture(), Device.cpu(), Precision.FP32, plan.seed()));
    }

    // Offsets 10 to 13, from wherever the run stands: training, validation, training, the end.
    private static void stream(Plan plan, TrainingRun run, TrainingListener listener) throws IOException {
        boolean going = true;
        for (long offset = Math.max(10, run.offset()); going && offset <= LAST_OFFSET; offset = run.offset()) {
            going = switch ((int) offset) {
                case 10 -> run.learn(samples(plan.pixels(), "a"), offset, listener);
                case 11 -> {
                    run.validation(samples(plan.pixels(), "v"), offset);
                    yield true;
                }
                case 12 -> run.learn(samples(plan.pixels(), "b"), offset, listener);
                default -> run.end(new EndOfFeed("feed", 0, 1), offset, listener) == TrainingRun.FeedEnding.DONE;
            };
        }
    }

    private static List<Sample> samples(Pixels pixels, String shard) throws IOException {
        Path file = Files.write(Files.createTempFile("shard-", ".tar"), DrawnSamples.shard(shard, 21));
        try {
            return new ShardDecoder(pixels, pixels.side(), 1 << 20, 1_000)
                    .read(file, new ShardReference(shard, "0"), i -> true, k -> false)
                    .samples();
        } finally {
            Files.delete(file);
        }
    }

    private static List<Sample> at(Plan plan, Position position, List<List<Integer>> places) throws IOException {
        List<Sample> kept = new ArrayList<>();
        for (List<Integer> place : places) {
            kept.add(samples(
                            plan.pixels(),
                            position.shards().get(place.getFirst()).key())
                    .get(place.getLast()));
        }
        return kept;
    }

    private Path checkpoint(TrainingRun run) throws IOException {
        return CheckpointArchive.write(Files.createDirectory(folder.resolve("checkpoint")), run, Optional.empty())
                .tar();
    }
}
