package dev.murmuration.teacher.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.murmuration.teacher.hashed.HashedFeatures;
import dev.murmuration.teacher.hashed.HashedModelFile;
import dev.murmuration.teacher.hashed.HashedTextModel;
import dev.murmuration.teacher.hashed.LinearClassifier;
import dev.murmuration.teacher.model.ModelFolder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinearTrainingTest {

    private static final int BITS = 12;
    private static final LinearTraining.Recipe RECIPE = new LinearTraining.Recipe(20, 5, .1, .1, .25, .7, 0, 1);

    private final List<String> texts = List.of(
            "what a terrible day",
            "I hate this",
            "so sad and bad",
            "the train leaves at nine",
            "a meeting on Monday",
            "it is a street",
            "what a lovely day",
            "I love this",
            "so happy and good");
    private final int[] labels = {0, 0, 0, 1, 1, 1, 2, 2, 2};
    private final HashedFeatures features = new HashedFeatures(BITS);

    @TempDir
    Path folder;

    @Test
    void learnsWhatTellsTheClassesApart() {
        LinearClassifier trained = train(ones());

        for (int i = 0; i < labels.length; i++) {
            double[] probabilities = trained.probabilities(features.of(texts.get(i)), 1);
            assertThat(Evaluation.argmax(probabilities)).isEqualTo(labels[i]);
        }
    }

    @Test
    void givesTheSameBitsForTheSameTexts() {
        assertThat(train(ones()).weight()).isEqualTo(train(ones()).weight());
    }

    @Test
    void leavesFeaturesThatNeverOccurAtNothing() {
        float[] weight =
                train(NaiveBayes.logRatios(vectors(), labels, 1 << BITS)).weight();
        boolean[] occurs = new boolean[1 << BITS];
        for (int[] vector : vectors()) {
            for (int bucket : vector) {
                occurs[bucket] = true;
            }
        }

        for (int bucket = 0; bucket < occurs.length; bucket++) {
            if (!occurs[bucket]) {
                assertThat(Arrays.copyOfRange(weight, 3 * bucket, 3 * bucket + 3))
                        .containsOnly(0);
            }
        }
    }

    @Test
    void countsHowStronglyAFeatureSpeaks() {
        float[] ratios = NaiveBayes.logRatios(new int[][] {{0, 1}, {0}, {1}, {0}}, new int[] {0, 0, 1, 2}, 3);

        // Bucket 0: in 2 of 2 texts of class 0, in 1 of 2 others: log((2+1)/(2+1) / ((1+1)/(2+1))).
        assertThat(ratios[0]).isCloseTo((float) Math.log(1.5), within(1e-6f));
        // Bucket 1, class 1: in 1 of 1, in 1 of 3 others: log((2/2) / (2/4)).
        assertThat(ratios[4]).isCloseTo((float) Math.log(2), within(1e-6f));
        assertThat(Arrays.copyOfRange(ratios, 6, 9)).containsOnly(0);
    }

    /** Java's own sum and the TorchScript program are two roads to one number; 8-bit weights are all that lies between. */
    @Test
    void isWhatTheProgramRuns() throws Exception {
        LinearClassifier trained = train(ones());
        HashedModelFile.write(trained, BITS, folder);

        try (HashedTextModel model = HashedTextModel.load(ModelFolder.open(folder, "small"))) {
            float[][] probabilities = model.probabilities(texts);
            for (int i = 0; i < probabilities.length; i++) {
                double[] expected = trained.probabilities(features.of(texts.get(i)), 1);
                for (int c = 0; c < 3; c++) {
                    assertThat((double) probabilities[i][c]).isCloseTo(expected[c], within(.01));
                }
            }
        }
    }

    @Test
    void writesTheSameBytesForTheSameWeights() throws Exception {
        HashedModelFile.write(train(ones()), BITS, folder.resolve("one"));
        HashedModelFile.write(train(ones()), BITS, folder.resolve("two"));

        assertThat(folder.resolve("one/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("two/model.safetensors"));
        assertThat(ModelFolder.open(folder.resolve("one"), "a").version())
                .hasSize(16)
                .isEqualTo(ModelFolder.open(folder.resolve("two"), "b").version());
    }

    private LinearClassifier train(float[] scale) {
        return LinearTraining.train(vectors(), labels, scale, RECIPE);
    }

    private int[][] vectors() {
        return texts.stream().map(features::of).toArray(int[][]::new);
    }

    private static float[] ones() {
        float[] ones = new float[3 << BITS];
        Arrays.fill(ones, 1);
        return ones;
    }
}
