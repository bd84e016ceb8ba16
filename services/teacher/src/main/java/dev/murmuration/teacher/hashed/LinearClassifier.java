package dev.murmuration.teacher.hashed;

/** Softmax regression over sparse binary features, each text's sum scaled by one over the square root of its number of features. */
public final class LinearClassifier {

    public static final int CLASSES = 3;

    private final float[] weight;
    private final float[] bias;

    /**
     * @param weight (buckets, 3), row by row
     * @param bias (3)
     */
    public LinearClassifier(float[] weight, float[] bias) {
        this.weight = weight;
        this.bias = bias;
    }

    /** (buckets, 3), row by row. */
    public float[] weight() {
        return weight;
    }

    /** (3). */
    float[] bias() {
        return bias;
    }

    /** Probabilities of the classes for a text with these features, at this temperature. */
    public double[] probabilities(int[] features, double temperature) {
        double[] logits = new double[CLASSES];
        for (int feature : features) {
            for (int c = 0; c < CLASSES; c++) {
                logits[c] += weight[feature * CLASSES + c];
            }
        }
        double scale = 1 / Math.sqrt(features.length);
        for (int c = 0; c < CLASSES; c++) {
            logits[c] = (logits[c] * scale + bias[c]) / temperature;
        }
        return softmax(logits);
    }

    /** The same classifier with logits divided by this temperature. */
    public LinearClassifier at(double temperature) {
        return new LinearClassifier(divided(weight, temperature), divided(bias, temperature));
    }

    /** The classifier whose logits are the means of both. */
    public LinearClassifier averagedWith(LinearClassifier other) {
        return new LinearClassifier(mean(weight, other.weight), mean(bias, other.bias));
    }

    private static float[] mean(float[] one, float[] other) {
        float[] mean = new float[one.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (one[i] + other[i]) / 2;
        }
        return mean;
    }

    private static float[] divided(float[] values, double by) {
        float[] quotients = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            quotients[i] = (float) (values[i] / by);
        }
        return quotients;
    }

    /** StrictMath, so that training gives the same bytes on every machine. */
    public static double[] softmax(double[] logits) {
        double max = Math.max(logits[0], Math.max(logits[1], logits[2]));
        double sum = 0;
        double[] probabilities = new double[CLASSES];
        for (int c = 0; c < CLASSES; c++) {
            probabilities[c] = StrictMath.exp(logits[c] - max);
            sum += probabilities[c];
        }
        for (int c = 0; c < CLASSES; c++) {
            probabilities[c] /= sum;
        }
        return probabilities;
    }
}
