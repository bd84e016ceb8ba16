package dev.murmuration.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.murmuration.programs.Torch;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.Validation;
import dev.murmuration.student.Optimizer;
import dev.murmuration.student.Precision;
import dev.murmuration.student.StudentFolder;
import dev.murmuration.student.Training;
import dev.murmuration.student.TrainingState;
import dev.murmuration.trainer.checkpoint.CheckpointTar;
import dev.murmuration.trainer.data.KnownShard;
import dev.murmuration.trainer.data.PassedShard;
import dev.murmuration.trainer.data.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
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
    private static final int WIDE = 21;
    private static final List<List<Sample>> WIDE_SHARDS = List.of(
            Drawn.samples("a", 20, WIDE),
            Drawn.samples("b", 17, WIDE),
            Drawn.samples("c", 13, WIDE),
            Drawn.samples("v", 12, WIDE));

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
            Drawn.write(course, unbroken);
        }
        Position position;
        TrainingState state;
        try (Course course = begin(PLAN)) {
            stream(course, step -> step.step() < stopAfter);
            assertThat(course.step()).isEqualTo(stopAfter);
            Path tar = CheckpointTar.write(Files.createDirectory(folder.resolve("checkpoint")), course)
                    .tar();
            CheckpointTar.Loaded loaded = CheckpointTar.read(tar, folder.resolve("parts"), Drawn.SMALL);
            position = loaded.position();
            state = loaded.state();
        }

        Path resumed = folder.resolve("resumed");
        try (Course course = new Course(
                PLAN,
                Training.from(state, Device.cpu(), Precision.FP32),
                position,
                at(PLAN, position, position.reservoir()),
                at(PLAN, position, position.validation()))) {
            stream(course, new ArrayList<>());
            Drawn.write(course, resumed);
        }

        assertThat(resumed).hasSameBinaryContentAs(unbroken);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void endsBitForBitAlikeWhenItIsKilledAfterItsLastCheckpoint(long seed) throws IOException {
        assertEndsAlike(Drawn.plan(everything(new Optimizer(false, 1, .9, .999, 1e-8, .05, .8))), seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void endsBitForBitAlikeWhenACheckpointIsTakenDuringAStepThatIsGivenUp(long seed) throws Exception {
        Plan plan = Drawn.plan(everything(new Optimizer(false, 1, .9, .999, 1e-8, .05, .8)));
        Path unbroken = folder.resolve("unbroken");
        List<Step> steps = new ArrayList<>();
        try (Course course = begin(plan)) {
            stream(course, steps);
            Drawn.write(course, unbroken);
        }
        int stoppedIn = new SplittableRandom(seed).nextInt(2, steps.size());
        // In the second part of that step.
        int gradientOfStop = plan.recipe().parts() * (stoppedIn - 1) + 2;
        StandStill run = new StandStill();
        AtomicInteger gradients = new AtomicInteger();
        CountDownLatch computing = new CountDownLatch(1);
        CountDownLatch isTaken = new CountDownLatch(1);
        AtomicBoolean stopping = new AtomicBoolean();
        Path tar;
        long stepAtStop;
        boolean isComputing;
        try (Course course = begin(plan);
                ExecutorService learning = Executors.newSingleThreadExecutor()) {
            Watch held = run.watch(made -> true, stopping::get);
            Future<?> learned = learning.submit(() -> {
                Torch.threads(1);
                run.lock();
                try {
                    stream(course, new Watch() {
                        @Override
                        public boolean goOn(Step made) {
                            return held.goOn(made);
                        }

                        @Override
                        public double during(DoubleSupplier gradient) {
                            boolean isLast = gradients.incrementAndGet() == gradientOfStop;
                            return held.during(isLast ? () -> overtaken(gradient) : gradient);
                        }

                        private double overtaken(DoubleSupplier gradient) {
                            computing.countDown();
                            double loss = gradient.getAsDouble();
                            await(isTaken);
                            return loss;
                        }
                    });
                } finally {
                    run.unlock();
                }
            });
            await(computing);
            assertThat(run.tryLock(Duration.ofMinutes(1))).isTrue();
            try {
                stopping.set(true);
                stepAtStop = course.step();
                isComputing = !run.awaitGradient(Duration.ZERO);
                tar = write(Files.createDirectory(folder.resolve("checkpoint")), course);
            } finally {
                isTaken.countDown();
                run.unlock();
            }
            assertThatThrownBy(learned::get).hasCauseInstanceOf(CancellationException.class);
            assertThat(run.awaitGradient(Duration.ZERO)).isTrue();
            assertThat(course.step()).isEqualTo(stepAtStop);
        }
        assertThat(isComputing).isTrue();
        assertThat(stepAtStop).isEqualTo(stoppedIn - 1);

        Path resumed = folder.resolve("resumed");
        try (Course course = resume(plan, CheckpointTar.read(tar, folder.resolve("parts"), plan.architecture()))) {
            stream(course, new ArrayList<>());
            Drawn.write(course, resumed);
        }
        assertThat(resumed).hasSameBinaryContentAs(unbroken);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** The whole life of a student on the mean of its patches: it learns, is killed, goes on, and its checkpoint holds what it is. */
    @Test
    void doesSoWithAHeadThatReadsTheMeanOfItsPatches() throws IOException {
        Plan plan = Drawn.plan(Drawn.SMALL_MEAN, everything(new Optimizer(false, 1, .9, .999, 1e-8, .05, .8)));

        assertEndsAlike(plan, 1);

        Drawn.unpack(folder.resolve("checkpoint/checkpoint.tar"), folder.resolve("checkpoint"));
        assertThat(StudentFolder.read(folder.resolve("checkpoint/model")).architecture())
                .isEqualTo(Drawn.SMALL_MEAN);
        try (Course course = begin(plan)) {
            stream(course, new ArrayList<>());
            assertThat(course.validate().orElseThrow().getAccuracy()).isGreaterThan(.8);
        }
    }

    private void assertEndsAlike(Plan plan, long seed) throws IOException {
        Path unbroken = folder.resolve("unbroken");
        List<Double> losses = new ArrayList<>();
        try (Course course = begin(plan)) {
            List<Step> steps = new ArrayList<>();
            stream(course, steps);
            steps.forEach(step -> losses.add(step.loss()));
            Drawn.write(course, unbroken);
        }
        SplittableRandom random = new SplittableRandom(seed);
        int checkpointAt = random.nextInt(1, losses.size() - 4);
        int killedAt = random.nextInt(checkpointAt + 1, losses.size());
        Path parts = Files.createDirectory(folder.resolve("checkpoint"));
        List<Path> tars = new ArrayList<>();
        try (Course course = begin(plan)) {
            stream(course, step -> {
                if (step.step() == checkpointAt) {
                    tars.add(write(parts, course));
                }
                return step.step() < killedAt;
            });
            assertThat(course.step()).isEqualTo(killedAt);
        }
        CheckpointTar.Loaded loaded = CheckpointTar.read(tars.getFirst(), folder.resolve("parts"), plan.architecture());

        List<Step> after = new ArrayList<>();
        Path resumed = folder.resolve("resumed");
        try (Course course = resume(plan, loaded)) {
            stream(course, after);
            Drawn.write(course, resumed);
        }

        assertThat(after.stream().map(Step::loss).toList()).isEqualTo(losses.subList(checkpointAt, losses.size()));
        assertThat(resumed).hasSameBinaryContentAs(unbroken);
    }

    // Called while the course is in the middle of a step's report: what a checkpoint by the number of samples does.
    private static Path write(Path parts, Course course) {
        try {
            return CheckpointTar.write(parts, course).tar();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Course resume(Plan plan, CheckpointTar.Loaded loaded) {
        return new Course(
                plan,
                Training.from(
                        loaded.state(),
                        Device.cpu(),
                        Precision.FP32,
                        plan.recipe().averageDecay() > 0),
                loaded.position(),
                at(plan, loaded.position(), loaded.position().reservoir()),
                at(plan, loaded.position(), loaded.position().validation()));
    }

    private static Recipe everything(Optimizer optimizer) {
        return new Recipe(
                "distil",
                true,
                0,
                false,
                2,
                new Disturbance(true, .5, .4, .1, .2),
                3,
                3e-3,
                40,
                true,
                24,
                0,
                .9,
                optimizer);
    }

    @Test
    void learnsTheHeadAloneFirstAndThenEverythingByANewOptimizer() {
        Recipe recipe = Recipe.paper().headFirst(24, 0);
        Plan plan = Drawn.plan(recipe);
        try (Course course = begin(plan)) {
            List<float[]> vectors = new ArrayList<>();
            course.learn(SHARDS.getFirst(), 3, step -> {
                vectors.add(weights(course));
                return true;
            });

            int head = Drawn.SMALL.weightCount() - 3 * 17;
            assertThat(course.position().headSteps()).isEqualTo(3);
            assertThat(Arrays.copyOf(vectors.get(2), head)).isEqualTo(Arrays.copyOf(vectors.get(0), head));
            assertThat(Arrays.copyOfRange(vectors.get(1), head, head + 51))
                    .isNotEqualTo(Arrays.copyOfRange(vectors.get(0), head, head + 51));
            // RAdam's first steps are as long as the mean gradient, without the root of its square: nothing jumps.
            double farthest = 0;
            for (int i = 0; i < head; i++) {
                farthest = Math.max(farthest, Math.abs(vectors.get(3)[i] - vectors.get(2)[i]));
            }
            assertThat(farthest).isPositive().isLessThan(1e-3);
        }
    }

    private float[] weights(Course course) {
        try {
            return Drawn.average(course, folder.resolve("state"));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Test
    void passesOverADataSetInAnotherOrderEachTimeAndEndsAtAZeroRate() throws IOException {
        List<Step> steps = new ArrayList<>();
        Path unbroken = folder.resolve("unbroken");
        try (Course course = begin(PLAN)) {
            course.passOver(DATASET);
            passes(course, step -> {
                steps.add(step);
                return true;
            });
            Drawn.write(course, unbroken);

            assertThat(course.position().fresh()).isEqualTo(50);
            assertThat(course.position().perClass()).containsExactly(18L, 17L, 15L);
        }
        // Full batches in each window: of 37 and 13 samples 5 and 2, of 20 and 30 3 and 4, of 33 and 17 5 and 3.
        assertThat(steps)
                .hasSize(Passes.of(DATASET, 3, PLAN.seed(), 40).stream()
                        .mapToInt(window -> Math.ceilDiv((int) Passes.samples(window.shards()), 8))
                        .sum());
        assertThat(steps.getLast().learningRate()).isLessThan(1e-4);
        assertThat(steps.get(5).learningRate()).isGreaterThan(2.9e-3);

        CheckpointTar.Loaded loaded;
        try (Course course = begin(PLAN)) {
            course.passOver(DATASET);
            passes(course, step -> step.step() < 10);
            loaded = CheckpointTar.read(
                    write(Files.createDirectory(folder.resolve("checkpoint")), course),
                    folder.resolve("parts"),
                    Drawn.SMALL);
        }
        assertThat(loaded.position().passes()).isEqualTo(DATASET);
        Path resumed = folder.resolve("resumed");
        try (Course course = resume(PLAN, loaded)) {
            passes(course, step -> true);
            Drawn.write(course, resumed);
        }
        assertThat(resumed).hasSameBinaryContentAs(unbroken);
    }

    private static final List<PassedShard> DATASET = List.of(
            new PassedShard(new KnownShard("a", "0"), 20, List.of(7L, 7L, 6L)),
            new PassedShard(new KnownShard("b", "0"), 17, List.of(6L, 6L, 5L)),
            new PassedShard(new KnownShard("c", "0"), 13, List.of(5L, 4L, 4L)));

    private static void passes(Course course, Watch watch) {
        List<Passes.Window> windows = Passes.of(course.passes(), 3, PLAN.seed(), 40);
        boolean going = true;
        for (int i = (int) course.offset(); going && i < windows.size(); i = (int) course.offset()) {
            List<Sample> samples = windows.get(i).shards().stream()
                    .flatMap(shard -> named(shard.shard().key(), false).stream())
                    .toList();
            going = course.pass(
                    samples, i, Passes.perClass(course.passes()), windows.get(i).epoch(), 150, watch);
        }
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
    void stillAwaitsAfterACheckpointWhatReplacesAShardThatWasGone() throws IOException {
        CheckpointTar.Loaded loaded;
        try (Course course = begin(PLAN)) {
            course.learn(SHARDS.getFirst(), 3, step -> true);
            course.await("gone", 4);
            course.await("gone too", 5);
            course.arrived("gone too");
            loaded = CheckpointTar.read(
                    write(Files.createDirectory(folder.resolve("checkpoint")), course),
                    folder.resolve("parts"),
                    Drawn.SMALL);
        }

        try (Course course = new Course(
                PLAN,
                Training.from(loaded.state(), Device.cpu(), Precision.FP32),
                loaded.position(),
                SHARDS.getFirst(),
                List.of())) {
            assertThat(course.offset()).isEqualTo(6);
            assertThat(course.awaits("gone")).isTrue();
            assertThat(course.awaits("gone too")).isFalse();
            assertThat(course.awaits("a")).isFalse();
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
        return new Course(plan, Training.begin(plan.architecture(), Device.cpu(), Precision.FP32, plan.seed()));
    }

    private static void stream(Course course, List<Step> steps) {
        stream(course, step -> {
            steps.add(step);
            return true;
        });
    }

    // Offsets 10 to 15, from wherever the course stands: a, validation, b, nothing, c, the end.
    private static void stream(Course course, Watch watch) {
        boolean wide = course.plan().keptSide() == WIDE;
        List<List<Sample>> shards = wide ? WIDE_SHARDS : SHARDS;
        boolean going = true;
        for (long offset = Math.max(10, course.offset()); going && offset <= 15; offset = course.offset()) {
            going = switch ((int) offset) {
                case 10 -> course.learn(shards.get(0), offset, watch);
                case 11 -> {
                    course.validation(wide ? WIDE_SHARDS.get(3) : VALIDATION, offset);
                    yield true;
                }
                case 12 -> course.learn(shards.get(1), offset, watch);
                case 13 -> {
                    course.skip(offset);
                    yield true;
                }
                case 14 -> course.learn(shards.get(2), offset, watch);
                default -> course.end(new EndOfFeed("feed", 0, 1), offset, watch) == Course.Ending.DONE;
            };
        }
    }

    private static List<Sample> at(Plan plan, Position position, List<List<Integer>> places) {
        return places.stream()
                .map(place -> named(position.shards().get(place.get(0)).key(), plan.keptSide() == WIDE)
                        .get(place.get(1)))
                .toList();
    }

    private static List<Sample> named(String shard, boolean wide) {
        List<List<Sample>> shards = wide ? WIDE_SHARDS : SHARDS;
        return switch (shard) {
            case "a" -> shards.get(0);
            case "b" -> shards.get(1);
            case "c" -> shards.get(2);
            default -> wide ? WIDE_SHARDS.get(3) : VALIDATION;
        };
    }
}
