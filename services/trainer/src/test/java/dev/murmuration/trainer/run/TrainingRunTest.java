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
import dev.murmuration.trainer.StepLock;
import dev.murmuration.trainer.checkpoint.CheckpointArchive;
import dev.murmuration.trainer.data.DatasetShard;
import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.data.ShardReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingRunTest {

    private static final Plan PLAN = DrawnSamples.plan(DrawnSamples.recipe());
    private static final List<List<Sample>> SHARDS =
            List.of(DrawnSamples.samples("a", 20), DrawnSamples.samples("b", 17), DrawnSamples.samples("c", 13));
    private static final List<Sample> VALIDATION = DrawnSamples.samples("v", 12);
    private static final int WIDE = 21;
    private static final List<List<Sample>> WIDE_SHARDS = List.of(
            DrawnSamples.samples("a", 20, WIDE),
            DrawnSamples.samples("b", 17, WIDE),
            DrawnSamples.samples("c", 13, WIDE),
            DrawnSamples.samples("v", 12, WIDE));

    @TempDir
    private Path folder;

    @BeforeAll
    static void onOneThreadFloatsAddUpAlike() {
        Torch.threads(1);
    }

    @Test
    void learnsWhatTheStreamShows() {
        try (TrainingRun run = begin(PLAN)) {
            List<TrainingStep> steps = new ArrayList<>();
            stream(run, steps);

            Validation validation = run.validate().orElseThrow();
            assertThat(validation.getSamples()).isEqualTo(9);
            assertThat(validation.getAccuracy()).isGreaterThan(.8);
            assertThat(steps.getLast().learningRate()).isLessThan(3e-4);
            // 40 + 40 + 32 samples while the feed ran, then up to 6 passes over 50 fresh ones, in batches of 8.
            assertThat(run.samplesSeen()).isEqualTo(112 + 192);
            assertThat(steps).hasSize(38);
            assertThat(run.offset()).isEqualTo(16);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 7, 11, 14, 15, 25, 37, 38})
    void endsBitForBitAlikeWhereverItWasStopped(int stopAfter) throws IOException {
        Path unbroken = folder.resolve("unbroken");
        try (TrainingRun run = begin(PLAN)) {
            stream(run, new ArrayList<>());
            DrawnSamples.write(run, unbroken);
        }
        Position position;
        TrainingState state;
        try (TrainingRun run = begin(PLAN)) {
            stream(run, step -> step.step() < stopAfter);
            assertThat(run.step()).isEqualTo(stopAfter);
            Path tar = CheckpointArchive.write(
                            Files.createDirectory(folder.resolve("checkpoint")), run, Optional.empty())
                    .tar();
            CheckpointArchive.Loaded loaded = CheckpointArchive.read(tar, folder.resolve("parts"), DrawnSamples.SMALL);
            position = loaded.position();
            state = loaded.state();
        }

        Path resumed = folder.resolve("resumed");
        try (TrainingRun run = new TrainingRun(
                PLAN,
                Training.from(state, Device.cpu(), Precision.FP32),
                position,
                at(PLAN, position, position.reservoir()),
                at(PLAN, position, position.validation()))) {
            stream(run, new ArrayList<>());
            DrawnSamples.write(run, resumed);
        }

        assertThat(resumed).hasSameBinaryContentAs(unbroken);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void endsBitForBitAlikeWhenItIsKilledAfterItsLastCheckpoint(long seed) throws IOException {
        assertEndsAlike(DrawnSamples.plan(everything(new Optimizer(false, 1, .9, .999, 1e-8, .05, .8))), seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void endsBitForBitAlikeWhenACheckpointIsTakenDuringAStepThatIsGivenUp(long seed) throws Exception {
        Plan plan = DrawnSamples.plan(everything(new Optimizer(false, 1, .9, .999, 1e-8, .05, .8)));
        Path unbroken = folder.resolve("unbroken");
        List<TrainingStep> steps = new ArrayList<>();
        try (TrainingRun run = begin(plan)) {
            stream(run, steps);
            DrawnSamples.write(run, unbroken);
        }
        int stoppedIn = new SplittableRandom(seed).nextInt(2, steps.size());
        // In the second part of that step.
        int gradientOfStop = plan.recipe().parts() * (stoppedIn - 1) + 2;
        StepLock stepLock = new StepLock();
        AtomicInteger gradients = new AtomicInteger();
        CountDownLatch computing = new CountDownLatch(1);
        CountDownLatch isTaken = new CountDownLatch(1);
        AtomicBoolean stopping = new AtomicBoolean();
        Path tar;
        long stepAtStop;
        boolean isComputing;
        try (TrainingRun run = begin(plan);
                ExecutorService learning = Executors.newSingleThreadExecutor()) {
            TrainingListener held = stepLock.listener(made -> true, stopping::get);
            Future<?> learned = learning.submit(() -> {
                Torch.threads(1);
                stepLock.lock();
                try {
                    stream(run, new TrainingListener() {
                        @Override
                        public boolean shouldContinue(TrainingStep made) {
                            return held.shouldContinue(made);
                        }

                        @Override
                        public boolean runsAhead() {
                            return held.runsAhead();
                        }

                        @Override
                        public void computing(Runnable gradient) {
                            boolean isLast = gradients.incrementAndGet() == gradientOfStop;
                            held.computing(isLast ? () -> overtaken(gradient) : gradient);
                        }

                        private void overtaken(Runnable gradient) {
                            computing.countDown();
                            gradient.run();
                            await(isTaken);
                        }
                    });
                } finally {
                    stepLock.unlock();
                }
            });
            await(computing);
            assertThat(stepLock.tryLock(Duration.ofMinutes(1))).isTrue();
            try {
                stopping.set(true);
                stepAtStop = run.step();
                isComputing = !stepLock.awaitGradient(Duration.ZERO);
                tar = write(Files.createDirectory(folder.resolve("checkpoint")), run);
            } finally {
                isTaken.countDown();
                stepLock.unlock();
            }
            assertThatThrownBy(learned::get).hasCauseInstanceOf(CancellationException.class);
            assertThat(stepLock.awaitGradient(Duration.ZERO)).isTrue();
            assertThat(run.step()).isEqualTo(stepAtStop);
        }
        assertThat(isComputing).isTrue();
        assertThat(stepAtStop).isEqualTo(stoppedIn - 1);

        Path resumed = folder.resolve("resumed");
        try (TrainingRun run =
                resume(plan, CheckpointArchive.read(tar, folder.resolve("parts"), plan.architecture()))) {
            stream(run, new ArrayList<>());
            DrawnSamples.write(run, resumed);
        }
        assertThat(resumed).hasSameBinaryContentAs(unbroken);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The whole life of a student on the mean of its patches: it learns, is killed, goes on, and its checkpoint holds what it is. */
    @Test
    void doesSoWithAHeadThatReadsTheMeanOfItsPatches() throws IOException {
        Plan plan = DrawnSamples.plan(
                DrawnSamples.SMALL_MEAN, everything(new Optimizer(false, 1, .9, .999, 1e-8, .05, .8)));

        assertEndsAlike(plan, 1);

        DrawnSamples.unpack(folder.resolve("checkpoint/checkpoint.tar"), folder.resolve("checkpoint"));
        assertThat(StudentFolder.read(folder.resolve("checkpoint/model")).architecture())
                .isEqualTo(DrawnSamples.SMALL_MEAN);
        try (TrainingRun run = begin(plan)) {
            stream(run, new ArrayList<>());
            assertThat(run.validate().orElseThrow().getAccuracy()).isGreaterThan(.8);
        }
    }

    private void assertEndsAlike(Plan plan, long seed) throws IOException {
        Path unbroken = folder.resolve("unbroken");
        List<Double> losses = new ArrayList<>();
        try (TrainingRun run = begin(plan)) {
            List<TrainingStep> steps = new ArrayList<>();
            stream(run, steps);
            steps.forEach(step -> losses.add(step.loss()));
            DrawnSamples.write(run, unbroken);
        }
        SplittableRandom random = new SplittableRandom(seed);
        int checkpointAt = random.nextInt(1, losses.size() - 4);
        int killedAt = random.nextInt(checkpointAt + 1, losses.size());
        Path parts = Files.createDirectory(folder.resolve("checkpoint"));
        List<Path> tars = new ArrayList<>();
        try (TrainingRun run = begin(plan)) {
            stream(run, step -> {
                if (step.step() == checkpointAt) {
                    tars.add(write(parts, run));
                }
                return step.step() < killedAt;
            });
            assertThat(run.step()).isEqualTo(killedAt);
        }
        CheckpointArchive.Loaded loaded =
                CheckpointArchive.read(tars.getFirst(), folder.resolve("parts"), plan.architecture());

        List<TrainingStep> after = new ArrayList<>();
        Path resumed = folder.resolve("resumed");
        try (TrainingRun run = resume(plan, loaded)) {
            stream(run, after);
            DrawnSamples.write(run, resumed);
        }

        assertThat(after.stream().map(TrainingStep::loss).toList())
                .isEqualTo(losses.subList(checkpointAt, losses.size()));
        assertThat(resumed).hasSameBinaryContentAs(unbroken);
    }

    // Called while the run is in the middle of a step's report: what a checkpoint by the number of samples does.
    private static Path write(Path parts, TrainingRun run) {
        try {
            return CheckpointArchive.write(parts, run, Optional.empty()).tar();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TrainingRun resume(Plan plan, CheckpointArchive.Loaded loaded) {
        return new TrainingRun(
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
                new Augmentation(true, .5, .4, .1, .2),
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
        Plan plan = DrawnSamples.plan(recipe);
        try (TrainingRun run = begin(plan)) {
            List<float[]> vectors = new ArrayList<>();
            run.learn(SHARDS.getFirst(), 3, step -> {
                vectors.add(weights(run));
                return true;
            });

            int head = DrawnSamples.SMALL.weightCount() - 3 * 17;
            assertThat(run.position().headSteps()).isEqualTo(3);
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

    private float[] weights(TrainingRun run) {
        try {
            return DrawnSamples.average(run, folder.resolve("state"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void passesOverADataSetInAnotherOrderEachTimeAndEndsAtAZeroRate() throws IOException {
        List<TrainingStep> steps = new ArrayList<>();
        Path unbroken = folder.resolve("unbroken");
        try (TrainingRun run = begin(PLAN)) {
            run.trainOn(DATASET);
            passes(run, step -> {
                steps.add(step);
                return true;
            });
            DrawnSamples.write(run, unbroken);

            assertThat(run.position().fresh()).isEqualTo(50);
            assertThat(run.position().perClass()).containsExactly(18L, 17L, 15L);
        }
        // Full batches in each window: of 37 and 13 samples 5 and 2, of 20 and 30 3 and 4, of 33 and 17 5 and 3.
        assertThat(steps)
                .hasSize(EpochSchedule.of(DATASET, 3, PLAN.seed(), 40).stream()
                        .mapToInt(window -> Math.ceilDiv((int) EpochSchedule.samples(window.shards()), 8))
                        .sum());
        assertThat(steps.getLast().learningRate()).isLessThan(1e-4);
        assertThat(steps.get(5).learningRate()).isGreaterThan(2.9e-3);

        CheckpointArchive.Loaded loaded;
        try (TrainingRun run = begin(PLAN)) {
            run.trainOn(DATASET);
            passes(run, step -> step.step() < 10);
            loaded = CheckpointArchive.read(
                    write(Files.createDirectory(folder.resolve("checkpoint")), run),
                    folder.resolve("parts"),
                    DrawnSamples.SMALL);
        }
        assertThat(loaded.position().passes()).isEqualTo(DATASET);
        Path resumed = folder.resolve("resumed");
        try (TrainingRun run = resume(PLAN, loaded)) {
            passes(run, step -> true);
            DrawnSamples.write(run, resumed);
        }
        assertThat(resumed).hasSameBinaryContentAs(unbroken);
    }

    private static final List<DatasetShard> DATASET = List.of(
            new DatasetShard(new ShardReference("a", "0"), 20, List.of(7L, 7L, 6L)),
            new DatasetShard(new ShardReference("b", "0"), 17, List.of(6L, 6L, 5L)),
            new DatasetShard(new ShardReference("c", "0"), 13, List.of(5L, 4L, 4L)));

    private static void passes(TrainingRun run, TrainingListener listener) {
        List<EpochSchedule.Window> windows = EpochSchedule.of(run.passes(), 3, PLAN.seed(), 40);
        boolean going = true;
        for (int i = (int) run.offset(); going && i < windows.size(); i = (int) run.offset()) {
            List<Sample> samples = windows.get(i).shards().stream()
                    .flatMap(shard -> named(shard.shard().key(), false).stream())
                    .toList();
            going = run.pass(
                    samples,
                    i,
                    EpochSchedule.perClass(run.passes()),
                    windows.get(i).epoch(),
                    150,
                    listener);
        }
    }

    @Test
    void waitsForTheMarkersOfAllPartitions() {
        try (TrainingRun run = begin(PLAN)) {
            run.learn(SHARDS.getFirst(), 3, step -> true);

            assertThat(run.end(new EndOfFeed("feed", 1, 2), 4, step -> true)).isEqualTo(TrainingRun.FeedEnding.OPEN);
            assertThat(run.end(new EndOfFeed("other", 0, 2), 5, step -> true)).isEqualTo(TrainingRun.FeedEnding.OPEN);
            assertThat(run.end(new EndOfFeed("feed", 1, 2), 6, step -> true)).isEqualTo(TrainingRun.FeedEnding.OPEN);
            assertThat(run.samplesSeen()).isEqualTo(40);
            assertThat(run.end(new EndOfFeed("feed", 0, 2), 7, step -> true)).isEqualTo(TrainingRun.FeedEnding.DONE);
            assertThat(run.samplesSeen()).isEqualTo(120);
        }
    }

    @Test
    void goesOnWhenAnotherFeedFollows() {
        try (TrainingRun run = begin(PLAN)) {
            stream(run, new ArrayList<>());
            long seen = run.samplesSeen();

            run.learn(DrawnSamples.samples("d", 8), 20, step -> true);
            assertThat(run.end(new EndOfFeed("feed", 0, 1), 21, step -> true)).isEqualTo(TrainingRun.FeedEnding.DONE);

            // 16 while it ran; 6 passes over 58 are 348 in all, 28 after that.
            assertThat(run.samplesSeen()).isEqualTo(seen + 16 + 58 / 8 * 8 + 8);
        }
    }

    @Test
    void stillAwaitsAfterACheckpointWhatReplacesAShardThatWasGone() throws IOException {
        CheckpointArchive.Loaded loaded;
        try (TrainingRun run = begin(PLAN)) {
            run.learn(SHARDS.getFirst(), 3, step -> true);
            run.await("gone", 4);
            run.await("gone too", 5);
            run.arrived("gone too");
            loaded = CheckpointArchive.read(
                    write(Files.createDirectory(folder.resolve("checkpoint")), run),
                    folder.resolve("parts"),
                    DrawnSamples.SMALL);
        }

        try (TrainingRun run = new TrainingRun(
                PLAN,
                Training.from(loaded.state(), Device.cpu(), Precision.FP32),
                loaded.position(),
                SHARDS.getFirst(),
                List.of())) {
            assertThat(run.offset()).isEqualTo(6);
            assertThat(run.awaits("gone")).isTrue();
            assertThat(run.awaits("gone too")).isFalse();
            assertThat(run.awaits("a")).isFalse();
        }
    }

    @Test
    void learnsOfAReplacedShardOnlyWhatItHasNotLearned() throws IOException {
        Plan plan = DrawnSamples.plan(DrawnSamples.recipe(), 0);
        Path tar;
        try (TrainingRun run = begin(plan)) {
            run.learn(SHARDS.getFirst(), 3, step -> step.step() < 2);
            assertThat(run.samplesSeen()).isEqualTo(16);
            tar = write(Files.createDirectory(folder.resolve("checkpoint")), run);
        }

        try (TrainingRun run = resume(plan, CheckpointArchive.read(tar, folder.resolve("parts"), DrawnSamples.SMALL))) {
            run.await("a", 3);
            run.continueWith("a");
            assertThat(run.learn(SHARDS.getFirst(), 4, step -> true)).isTrue();
            run.arrived("a");

            assertThat(run.samplesSeen()).isEqualTo(24); // The batch of the four that were left is filled.
            assertThat(run.position().fresh()).isEqualTo(20);
        }
    }

    @Test
    void endsWithoutAnySample() {
        try (TrainingRun run = begin(PLAN)) {
            assertThat(run.end(new EndOfFeed("feed", 0, 1), 0, step -> true)).isEqualTo(TrainingRun.FeedEnding.DONE);
            assertThat(run.step()).isZero();
            assertThat(run.validate()).isEmpty();
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
                Augmentation.NONE,
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
                new ShardReference("x", "0"),
                0,
                "x-0",
                broken,
                0,
                SHARDS.getFirst().getFirst().pixels());
        try (TrainingRun run = begin(DrawnSamples.plan(wild))) {
            assertThatThrownBy(() -> run.learn(List.of(poisoned), 3, step -> true))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageContaining("step 1")
                    .hasMessageContaining("record 3")
                    .hasMessageContaining("NaN");
            assertThatThrownBy(run::position).isInstanceOf(DivergedException.class);
        }
    }

    @Test
    void endsBitForBitAlikeAheadOfItsNumbers() throws IOException {
        List<TrainingStep> steps = new ArrayList<>();
        Path waiting = folder.resolve("waiting");
        try (TrainingRun run = begin(PLAN)) {
            stream(run, steps);
            DrawnSamples.write(run, waiting);
        }

        Ahead listener = new Ahead(made -> {});
        Path ahead = folder.resolve("ahead");
        try (TrainingRun run = begin(PLAN)) {
            stream(run, listener);
            DrawnSamples.write(run, ahead);
        }

        assertThat(ahead).hasSameBinaryContentAs(waiting);
        assertThat(listener.steps)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("waitedNanos")
                .isEqualTo(steps);
    }

    @Test
    void stopsOneStepLaterAheadOfItsNumbersAndKeepsItsLastGoodCheckpoint() throws IOException {
        int poisonedStep = 5;
        List<Sample> samples = poisonedInBatch(poisonedStep - 1, DrawnSamples.samples("a", 60));
        List<Path> tars = new ArrayList<>();
        Path parts = Files.createDirectory(folder.resolve("checkpoint"));
        try (TrainingRun run = begin(PLAN)) {
            Ahead listener = new Ahead(made -> {
                if (made.step() == 2) {
                    tars.add(write(parts, run));
                }
            });

            assertThatThrownBy(() -> run.learn(samples, 10, listener))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageContaining("step " + poisonedStep + ",");

            assertThat(listener.steps).hasSize(poisonedStep - 1);
            assertThat(listener.gradients).isEqualTo(poisonedStep + 1);
            assertThatThrownBy(run::position).isInstanceOf(DivergedException.class);
            Path another = Files.createDirectory(folder.resolve("another"));
            assertThatThrownBy(() -> write(another, run)).isInstanceOf(DivergedException.class);
        }
        CheckpointArchive.Loaded loaded =
                CheckpointArchive.read(tars.getFirst(), folder.resolve("parts"), DrawnSamples.SMALL);
        assertThat(loaded.position().step()).isEqualTo(3); // It was queued by then, and its numbers are read first.
        try (TrainingRun run = resume(PLAN, loaded)) {
            assertThat(run.learn(DrawnSamples.samples("a", 60), 10, step -> true))
                    .isTrue();
        }
    }

    /** The samples, of which one in this batch of record 10, and in none before, has no scores. */
    private static List<Sample> poisonedInBatch(int batch, List<Sample> samples) {
        StreamBatches batches =
                new StreamBatches(PLAN.seed(), 10, 0, samples.size(), PLAN.replay(), PLAN.batch(), true);
        List<Integer> indices = new ArrayList<>(
                batches.batch(batch).stream().map(BatchSchedule.Item::index).toList());
        for (int before = 0; before < batch; before++) {
            batches.batch(before).forEach(item -> indices.remove((Integer) item.index()));
        }
        List<Sample> poisoned = new ArrayList<>(samples);
        Sample good = samples.get(indices.getFirst());
        float[] broken = {Float.NaN, 0, 0};
        poisoned.set(
                indices.getFirst(),
                new Sample(good.shard(), good.index(), good.key(), broken, good.label(), good.pixels()));
        return poisoned;
    }

    private static final class Ahead implements TrainingListener {

        private final List<TrainingStep> steps = new ArrayList<>();
        private final Consumer<TrainingStep> reported;
        private int gradients;

        Ahead(Consumer<TrainingStep> reported) {
            this.reported = reported;
        }

        @Override
        public boolean shouldContinue(TrainingStep made) {
            steps.add(made);
            reported.accept(made);
            return true;
        }

        @Override
        public boolean runsAhead() {
            return true;
        }

        @Override
        public void computing(Runnable gradient) {
            gradients++;
            gradient.run();
        }
    }

    private static TrainingRun begin(Plan plan) {
        return new TrainingRun(plan, Training.begin(plan.architecture(), Device.cpu(), Precision.FP32, plan.seed()));
    }

    private static void stream(TrainingRun run, List<TrainingStep> steps) {
        stream(run, step -> {
            steps.add(step);
            return true;
        });
    }

    // Offsets 10 to 15, from wherever the run stands: a, validation, b, nothing, c, the end.
    private static void stream(TrainingRun run, TrainingListener listener) {
        boolean wide = run.plan().keptSide() == WIDE;
        List<List<Sample>> shards = wide ? WIDE_SHARDS : SHARDS;
        boolean going = true;
        for (long offset = Math.max(10, run.offset()); going && offset <= 15; offset = run.offset()) {
            going = switch ((int) offset) {
                case 10 -> run.learn(shards.get(0), offset, listener);
                case 11 -> {
                    run.validation(wide ? WIDE_SHARDS.get(3) : VALIDATION, offset);
                    yield true;
                }
                case 12 -> run.learn(shards.get(1), offset, listener);
                case 13 -> {
                    run.skip(offset);
                    yield true;
                }
                case 14 -> run.learn(shards.get(2), offset, listener);
                default -> run.end(new EndOfFeed("feed", 0, 1), offset, listener) == TrainingRun.FeedEnding.DONE;
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
