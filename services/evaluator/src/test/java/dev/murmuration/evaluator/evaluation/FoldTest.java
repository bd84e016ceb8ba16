package dev.murmuration.evaluator.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.benchmark.BenchmarkFiles;
import dev.murmuration.evaluator.benchmark.DuplicateGroups;
import dev.murmuration.evaluator.benchmark.LabelScheme;
import dev.murmuration.evaluator.measure.Protocol;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.stage.store.Fetched;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldTest {

    @Test
    void testsEveryPhotoThatIsNotNeutralInOneFoldAndTrainsOnTheOthers() throws BenchmarkException {
        Benchmark benchmark = benchmark(60, row -> "%d.jpg".formatted(row), row -> Map.of());

        List<Fold> trials = Fold.of(Protocol.K_FOLD, benchmark);

        assertThat(trials).hasSize(5).allSatisfy(trial -> {
            assertThat(trial.testing()).hasSize(8);
            assertThat(trial.training()).hasSize(32).doesNotContainAnyElementsOf(trial.testing());
            assertThat(trial.validation()).isEmpty();
        });
        assertThat(trials.stream().flatMap(trial -> trial.testing().stream()))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 60)
                        .filter(row -> row % 3 != 1)
                        .boxed()
                        .toList());
    }

    @Test
    void foldsAsScikitLearnFoldsThePhotosThatAreNotNeutral() throws BenchmarkException {
        Benchmark benchmark = benchmark(60, row -> "%d.jpg".formatted(row), row -> Map.of());
        List<Integer> polar =
                IntStream.range(0, 60).filter(row -> row % 3 != 1).boxed().toList();
        int[] expected = StratifiedFolds.of(
                polar.stream().map(row -> benchmark.photos().get(row).label()).toList(), 5, 42);

        List<Fold> trials = Fold.of(Protocol.K_FOLD, benchmark);

        for (int i = 0; i < polar.size(); i++) {
            assertThat(trials.get(expected[i]).testing()).contains(polar.get(i));
        }
    }

    @Test
    void letsCopiesStraddleAsPublishedAndNotWhereTheyAreGrouped() throws BenchmarkException {
        // Every third tweet repeats the media of the tweet before the last of its class.
        Benchmark benchmark =
                benchmark(90, row -> "1_%d_media-%d.jpg".formatted(row, row % 9 == 6 ? row - 6 : row), row -> Map.of());

        assertThat(straddling(Fold.of(Protocol.K_FOLD, benchmark), benchmark)).isPositive();
        assertThat(straddling(Fold.of(Protocol.K_FOLD_GROUPED, benchmark), benchmark))
                .isZero();
        assertThat(Fold.of(Protocol.K_FOLD_GROUPED, benchmark).stream().flatMap(trial -> trial.testing().stream()))
                .hasSize(60)
                .doesNotHaveDuplicates();
    }

    @Test
    void foldsWithoutCopiesAsPublishedWhereNothingIsRepeated() throws BenchmarkException {
        Benchmark benchmark = benchmark(60, row -> "1_%d_media-%d.jpg".formatted(row, row), row -> Map.of());

        assertThat(Fold.of(Protocol.K_FOLD_GROUPED, benchmark)).isEqualTo(Fold.of(Protocol.K_FOLD, benchmark));
    }

    @Test
    void takesTheGivenFoldsAndLeavesCopiesOutOfTrainingOnlyWhereAsked() throws BenchmarkException {
        Benchmark benchmark = benchmark(
                12,
                row -> "1_%d_media-%d.jpg".formatted(row, row == 11 ? 0 : row),
                row -> Map.of("fold", String.valueOf(row / 6 + 1)));

        assertThat(Fold.of(Protocol.K_FOLD_GIVEN, benchmark))
                .containsExactly(
                        new Fold("1", List.of(6, 8, 9, 11), List.of(), List.of(0, 2, 3, 5)),
                        new Fold("2", List.of(0, 2, 3, 5), List.of(), List.of(6, 8, 9, 11)));
        assertThat(Fold.of(Protocol.K_FOLD_GIVEN_GROUPED, benchmark))
                .containsExactly(
                        new Fold("1", List.of(6, 8, 9), List.of(), List.of(0, 2, 3, 5)),
                        new Fold("2", List.of(2, 3, 5), List.of(), List.of(6, 8, 9, 11)));
    }

    @Test
    void takesTheGivenSplitsEachOnItsOwn() throws BenchmarkException {
        List<String> first = List.of("train", "train", "validation", "test", "train", "train");
        List<String> second = List.of("test", "train", "train", "validation", "train", "");
        Benchmark benchmark = benchmark(
                6,
                row -> "1_%d_media-%d.jpg".formatted(row, row == 3 ? 0 : row),
                row -> Map.of("split1", first.get(row), "split2", second.get(row)));

        assertThat(Fold.of(Protocol.FINE_TUNE, benchmark))
                .containsExactly(
                        new Fold("split1", List.of(0, 5), List.of(2), List.of(3)),
                        new Fold("split2", List.of(2), List.of(3), List.of(0)));
        assertThat(Fold.of(Protocol.FINE_TUNE_GROUPED, benchmark))
                .containsExactly(
                        new Fold("split1", List.of(5), List.of(2), List.of(3)),
                        new Fold("split2", List.of(2), List.of(), List.of(0)));
    }

    @Test
    void saysWhatABenchmarkLacks() {
        Benchmark benchmark = benchmark(60, row -> row + ".jpg", row -> Map.of());
        Benchmark small = benchmark(9, row -> row + ".jpg", row -> Map.of());

        assertThatThrownBy(() -> Fold.of(Protocol.K_FOLD_GIVEN, benchmark)).hasMessageContaining("needs a column fold");
        assertThatThrownBy(() -> Fold.of(Protocol.FINE_TUNE, benchmark)).hasMessageContaining("needs columns split1");
        assertThatThrownBy(() -> Fold.of(Protocol.K_FOLD, small)).hasMessageContaining("rarest class has 3");
        assertThat(Fold.measurable(Protocol.K_FOLD, small)).isFalse();
        assertThat(Fold.measurable(Protocol.K_FOLD, benchmark)).isTrue();
    }

    private static int straddling(List<Fold> trials, Benchmark benchmark) {
        int[] first = DuplicateGroups.of(benchmark.photos()).first();
        int straddling = 0;
        for (Fold trial : trials) {
            Set<Integer> trained = new HashSet<>();
            trial.training().forEach(row -> trained.add(first[row]));
            straddling += (int) trial.testing().stream()
                    .filter(row -> trained.contains(first[row]))
                    .count();
        }
        return straddling;
    }

    private interface OfRow<T> {
        T of(int row);
    }

    /** Classes 0, 1, 2 in turn. */
    private static Benchmark benchmark(int rows, OfRow<String> path, OfRow<Map<String, String>> splits) {
        List<Benchmark.Photo> photos = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            Sentiment label = LabelScheme.THREE.label(String.valueOf(row % 3)).orElseThrow();
            photos.add(
                    new Benchmark.Photo(path.of(row), label, Optional.of("%064d".formatted(row)), "", splits.of(row)));
        }
        return new Benchmark("made", "0".repeat(64), photos, 0, new NoFiles());
    }

    private static final class NoFiles implements BenchmarkFiles {
        @Override
        public String name() {
            return "made";
        }

        @Override
        public String place() {
            return "nowhere";
        }

        @Override
        public Fetched<byte[]> read(String path, long limitBytes) {
            return new Fetched.Missing<>();
        }

        @Override
        public String state() {
            return "";
        }
    }
}
