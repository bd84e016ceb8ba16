package dev.murmuration.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.murmuration.programs.Torch;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.student.ConvNet;
import dev.murmuration.student.Pixels;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Student;
import dev.murmuration.student.Training;
import dev.murmuration.student.TrainingState;
import dev.murmuration.student.Weight;
import dev.murmuration.trainer.checkpoint.CheckpointTar;
import dev.murmuration.trainer.data.KnownShard;
import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.data.ShardTar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run whose student is a network of the predecessors: shards as tars, checkpoints as tars, in the two ways of the T4SA paper. */
class ConvNetCourseTest {

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
        try (Course course = begin(plan)) {
            stream(plan, course, step -> true);
            Drawn.write(course, unbroken);
        }
        CheckpointTar.Loaded loaded;
        try (Course course = begin(plan)) {
            stream(plan, course, step -> step.step() < 7);
            assertThat(course.step()).isEqualTo(7);
            loaded = CheckpointTar.read(checkpoint(course), folder.resolve("parts"), plan.architecture());
        }

        Path resumed = folder.resolve("resumed");
        try (Course course = new Course(
                plan,
                Training.from(loaded.state(), Device.cpu(), Precision.FP32),
                loaded.position(),
                at(plan, loaded.position(), loaded.position().reservoir()),
                at(plan, loaded.position(), loaded.position().validation()))) {
            stream(plan, course, step -> true);
            Drawn.write(course, resumed);
        }

        assertThat(resumed).hasSameBinaryContentAs(unbroken);
    }

    @ParameterizedTest
    @ValueSource(longs = {ALL_LAYERS, HEAD_ALONE})
    void movesEveryLayerOrTheFullyConnectedOnesAlone(long headFirst) throws IOException {
        Plan plan = plan(HYBRID, headFirst);
        float[] before = Drawn.values(TrainingState.begin(HYBRID, plan.seed()).average());
        try (Course course = begin(plan)) {
            stream(plan, course, step -> true);

            float[] after = Drawn.average(course, folder.resolve("state"));
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
        try (Course course = begin(plan)) {
            stream(plan, course, step -> true);
            Drawn.unpack(checkpoint(course), folder.resolve("parts"));
        }

        try (Student student = Student.load(folder.resolve("parts/model"), Device.cpu(), Precision.FP32)) {
            assertThat(student.pixels()).isEqualTo(plan.pixels());
            for (int label = 0; label < 3; label++) {
                float[][] answer = student.predict(List.of(plan.pixels().of(Drawn.jpeg(label, 999))));
                assertThat(answer[0][label]).as("class %d", label).isGreaterThan(.5f);
            }
        }
    }

    private static Plan plan(ConvNet network, long headFirst) {
        Recipe recipe = Drawn.recipe().headFirst(headFirst, 0);
        return new Plan("run", "flat", network, network.form(), recipe, 7, 8, 1, 6, 24, 9);
    }

    private static Course begin(Plan plan) {
        return new Course(plan, Training.begin(plan.architecture(), Device.cpu(), Precision.FP32, plan.seed()));
    }

    // Offsets 10 to 13, from wherever the course stands: training, validation, training, the end.
    private static void stream(Plan plan, Course course, Watch watch) throws IOException {
        boolean going = true;
        for (long offset = Math.max(10, course.offset()); going && offset <= LAST_OFFSET; offset = course.offset()) {
            going = switch ((int) offset) {
                case 10 -> course.learn(samples(plan.pixels(), "a"), offset, watch);
                case 11 -> {
                    course.validation(samples(plan.pixels(), "v"), offset);
                    yield true;
                }
                case 12 -> course.learn(samples(plan.pixels(), "b"), offset, watch);
                default -> course.end(new EndOfFeed("feed", 0, 1), offset, watch) == Course.Ending.DONE;
            };
        }
    }

    private static List<Sample> samples(Pixels pixels, String shard) throws IOException {
        Path file = Files.write(Files.createTempFile("shard-", ".tar"), Drawn.shard(shard, 21));
        try {
            return new ShardTar(pixels, pixels.side(), 1 << 20, 1_000)
                    .read(file, new KnownShard(shard, "0"), i -> true, k -> false)
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

    private Path checkpoint(Course course) throws IOException {
        return CheckpointTar.write(Files.createDirectory(folder.resolve("checkpoint")), course)
                .tar();
    }
}
