package dev.murmuration.teacher.tool;

import dev.murmuration.teacher.hashed.LinearClassifier;
import java.util.Arrays;
import java.util.Random;

/**
 * Trains a {@link LinearClassifier} one text at a time by AdaGrad (Duchi et al., JMLR 2011), with dropout of features as the
 * regularizer (Wager et al., NIPS 2013: it holds back rare features more than common ones), class weights
 * {@code (n / (classes * n_c)) ^ softness} and the mean of the last epochs' weights. One thread, one seed: the same texts give
 * the same bits.
 */
final class LinearTraining {

    private static final int CLASSES = LinearClassifier.CLASSES;

    /**
     * What is tuned on the validation texts.
     *
     * @param epochs passes over the texts
     * @param averaged how many of the last epochs the weights are averaged over
     * @param rate AdaGrad's step
     * @param firstSquare what AdaGrad's sums of squared gradients begin with
     * @param dropout share of a text's features left out of each pass
     * @param softness of the class weights: 0 none, 1 balanced
     * @param firstWeight what every weight begins with
     * @param seed of the order and of the dropout
     */
    record Recipe(
            int epochs,
            int averaged,
            double rate,
            double firstSquare,
            double dropout,
            double softness,
            double firstWeight,
            long seed) {}

    private final Recipe recipe;
    private final Random random;
    private final float[] weight;
    private final float[] squares;
    private final float[] scale;
    private final float[] bias = new float[CLASSES];
    private final float[] biasSquares = new float[CLASSES];

    private LinearTraining(Recipe recipe, float[] scale) {
        this.recipe = recipe;
        this.random = new Random(recipe.seed());
        this.scale = scale;
        this.weight = new float[scale.length];
        this.squares = new float[scale.length];
        Arrays.fill(weight, (float) recipe.firstWeight());
        Arrays.fill(squares, (float) recipe.firstSquare());
        Arrays.fill(biasSquares, 1);
    }

    /**
     * Trains a classifier whose weights are what is learned times a scale that is given.
     *
     * @param texts features of each text, ascending buckets
     * @param labels class of each text
     * @param scale (buckets, 3): how strongly each feature speaks for each class; ones where nothing is known
     */
    static LinearClassifier train(int[][] texts, int[] labels, float[] scale, Recipe recipe) {
        return new LinearTraining(recipe, scale).train(texts, labels);
    }

    private LinearClassifier train(int[][] texts, int[] labels) {
        double[] classWeights = classWeights(labels);
        int[] order = new int[texts.length];
        Arrays.setAll(order, i -> i);
        float[] mean = new float[weight.length];
        float[] meanBias = new float[CLASSES];
        for (int epoch = 0; epoch < recipe.epochs(); epoch++) {
            shuffle(order);
            for (int i : order) {
                step(dropped(texts[i]), labels[i], classWeights[labels[i]]);
            }
            if (epoch >= recipe.epochs() - recipe.averaged()) {
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += weight[i] * scale[i] / recipe.averaged();
                }
                for (int c = 0; c < CLASSES; c++) {
                    meanBias[c] += bias[c] / recipe.averaged();
                }
            }
        }
        return new LinearClassifier(mean, meanBias);
    }

    private void step(int[] features, int label, double classWeight) {
        double length = 1 / Math.sqrt(features.length);
        double[] error = probabilities(features, length);
        error[label] -= 1;
        for (int c = 0; c < CLASSES; c++) {
            double gradient = error[c] * classWeight;
            biasSquares[c] += (float) (gradient * gradient);
            bias[c] -= (float) (recipe.rate() * gradient / Math.sqrt(biasSquares[c]));
            for (int feature : features) {
                int i = feature * CLASSES + c;
                double scaled = gradient * length * scale[i];
                squares[i] += (float) (scaled * scaled);
                weight[i] -= (float) (recipe.rate() * scaled / Math.sqrt(squares[i]));
            }
        }
    }

    private double[] probabilities(int[] features, double length) {
        double[] logits = new double[CLASSES];
        for (int feature : features) {
            for (int i = feature * CLASSES, c = 0; c < CLASSES; i++, c++) {
                logits[c] += weight[i] * scale[i];
            }
        }
        for (int c = 0; c < CLASSES; c++) {
            logits[c] = logits[c] * length + bias[c];
        }
        return LinearClassifier.softmax(logits);
    }

    private int[] dropped(int[] features) {
        int[] kept = new int[features.length];
        int count = 0;
        for (int feature : features) {
            if (random.nextFloat() >= recipe.dropout()) {
                kept[count++] = feature;
            }
        }
        return count == 0 ? features : Arrays.copyOf(kept, count);
    }

    private double[] classWeights(int[] labels) {
        double[] counts = new double[CLASSES];
        for (int label : labels) {
            counts[label]++;
        }
        double[] weights = new double[CLASSES];
        for (int c = 0; c < CLASSES; c++) {
            weights[c] = StrictMath.pow(labels.length / (CLASSES * counts[c]), recipe.softness());
        }
        return weights;
    }

    private void shuffle(int[] order) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
    }
}
