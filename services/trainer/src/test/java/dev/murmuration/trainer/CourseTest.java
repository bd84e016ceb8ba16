package dev.murmuration.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.Validation;
import dev.murmuration.student.Optimizer;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Training;
import dev.murmuration.student.TrainingState;
import dev.murmuration.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CourseTest {

    private static final Plan PLAN = Drawn.plan(Drawn.recipe());
    private static final List<List<Sample>> SHARDS =
            List.of(Drawn.samples("a", 20), Drawn.samples("b", 17), Drawn.samples("c", 13));
    private static final List<Sample> VALIDATION = Drawn.samples("v", 12);

    @TempDir
    private Path folder;

    @BeforeAll
    static void onOneThreadFloatsAddUpAlike() {
        Torch.threads(1);
    }

    @Test
    void learnsWhatTheStreamShows() {
        try (Course course = begin(PLAN)) {
            List<Step> steps = new ArrayList<>();
            stream(course, steps);

            Validation validation = course.validate().orElseThrow();
            assertThat(validation.getSamples()).isEqualTo(9);
            assertThat(validation.getAccuracy()).isGreaterThan(.8);
            assertThat(steps.getLast().learningRate()).isLessThan(3e-4);
            // 40 + 40 + 32 samples while the feed ran, then up to 6 passes over 50 fresh ones, in batches of 8.
            assertThat(course.samplesSeen()).isEqualTo(112 + 192);
            assertThat(steps).hasSize(38);
            assertThat(course.offset()).isEqualTo(16);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 7, 11, 14, 15, 25, 37, 38})
    void endsBitForBitAlikeWhereverItWasStopped(int stopAfter) throws IOException {
        Path unbroken = folder.resolve("unbroken");
        try (Course course = begin(PLAN)) {
            stream(course, new ArrayList<>());
            course.state().write(unbroken);
        }
        Position position;
        TrainingState state;
        try (Course course = begin(PLAN)) {
            stream(course, step -> step.step() < stopAfter);
            assertThat(course.step()).isEqualTo(stopAfter);
            Path tar = CheckpointTar.write(
                    Files.createDirectory(folder.resolve("checkpoint")),
                    course.position(),
                    course.state(),
                    Drawn.PIXELS);
            CheckpointTar.Loaded loaded = CheckpointTar.read(tar, folder.resolve("parts"), Drawn.SMALL);
            position = loaded.position();
            state = loaded.state();
        }

        Path resumed = folder.resolve("resumed");
        try (Course course = new Course(
                PLAN,
                Training.from(state, Device.cpu(), Precision.FP32),
                position,
                at(position, position.reservoir()),
                at(position, position.validation()))) {
            stream(course, new ArrayList<>());
            course.state().write(resumed);
        }

        assertThat(resumed).hasSameBinaryContentAs(unbroken);
    }

    @Test
    void waitsForTheMarkersOfAllPartitions() {
        try (Course course = begin(PLAN)) {
            course.learn(SHARDS.getFirst(), 3, step -> true);

            assertThat(course.end(new EndOfFeed("feed", 1, 2), 4, step -> true)).isEqualTo(Course.Ending.OPEN);
            assertThat(course.end(new EndOfFeed("other", 0, 2), 5, step -> true))
                    .isEqualTo(Course.Ending.OPEN);
            assertThat(course.end(new EndOfFeed("feed", 1, 2), 6, step -> true)).isEqualTo(Course.Ending.OPEN);
            assertThat(course.samplesSeen()).isEqualTo(40);
            assertThat(course.end(new EndOfFeed("feed", 0, 2), 7, step -> true)).isEqualTo(Course.Ending.DONE);
            assertThat(course.samplesSeen()).isEqualTo(120);
        }
    }

    @Test
    void goesOnWhenAnotherFeedFollows() {
        try (Course course = begin(PLAN)) {
            stream(course, new ArrayList<>());
            long seen = course.samplesSeen();

            course.learn(Drawn.samples("d", 8), 20, step -> true);
            assertThat(course.end(new EndOfFeed("feed", 0, 1), 21, step -> true))
                    .isEqualTo(Course.Ending.DONE);

            // 16 while it ran; 6 passes over 58 are 348 in all, 28 after that.
            assertThat(course.samplesSeen()).isEqualTo(seen + 16 + 58 / 8 * 8 + 8);
        }
    }

    @Test
    void endsWithoutAnySample() {
        try (Course course = begin(PLAN)) {
            assertThat(course.end(new EndOfFeed("feed", 0, 1), 0, step -> true)).isEqualTo(Course.Ending.DONE);
            assertThat(course.step()).isZero();
            assertThat(course.validate()).isEmpty();
        }
    }

    @Test
    void stopsAtALossThatIsNoNumberAndSaysWhere() {
        Recipe wild = new Recipe(
                "distil",
                true,
                0,
                false,
                1,
                Disturbance.NONE,
                1,
                10,
                0,
                false,
                0,
                0,
                0,
                new Optimizer(false, 1e30, .9, .999, 1e-8, 0, 1));
        float[] broken = {Float.NaN, 0, 0};
        Sample poisoned = new Sample(
                new KnownShard("x", "0"),
                0,
                broken,
                0,
                SHARDS.getFirst().getFirst().pixels());
        try (Course course = begin(Drawn.plan(wild))) {
            assertThatThrownBy(() -> course.learn(List.of(poisoned), 3, step -> true))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageContaining("step 1")
                    .hasMessageContaining("record 3")
                    .hasMessageContaining("NaN");
            assertThat(course.step()).isZero();
        }
    }

    private static Course begin(Plan plan) {
        return new Course(plan, Training.begin(Drawn.SMALL, Device.cpu(), Precision.FP32, plan.seed()));
    }

    private static void stream(Course course, List<Step> steps) {
        stream(course, step -> {
            steps.add(step);
            return true;
        });
    }

    // Offsets 10 to 15, from wherever the course stands: a, validation, b, nothing, c, the end.
    private static void stream(Course course, Predicate<Step> goOn) {
        boolean going = true;
        for (long offset = Math.max(10, course.offset()); going && offset <= 15; offset = course.offset()) {
            going = switch ((int) offset) {
                case 10 -> course.learn(SHARDS.get(0), offset, goOn);
                case 11 -> {
                    course.validation(VALIDATION, offset);
                    yield true;
                }
                case 12 -> course.learn(SHARDS.get(1), offset, goOn);
                case 13 -> {
                    course.skip(offset);
                    yield true;
                }
                case 14 -> course.learn(SHARDS.get(2), offset, goOn);
                default -> course.end(new EndOfFeed("feed", 0, 1), offset, goOn) == Course.Ending.DONE;
            };
        }
    }

    private static List<Sample> at(Position position, List<List<Integer>> places) {
        return places.stream()
                .map(place -> named(position.shards().get(place.get(0)).key()).get(place.get(1)))
                .toList();
    }

    private static List<Sample> named(String shard) {
        return switch (shard) {
            case "a" -> SHARDS.get(0);
            case "b" -> SHARDS.get(1);
            case "c" -> SHARDS.get(2);
            default -> VALIDATION;
        };
    }
}
