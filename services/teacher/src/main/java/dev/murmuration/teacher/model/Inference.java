package dev.murmuration.teacher.model;

/**
 * How a transformer is run.
 *
 * @param device where: {@code cpu}, {@code gpu}, {@code gpu1} or {@code auto}
 * @param precision in which numbers
 * @param batchTokens how many tokens are computed at once at most; a longer text alone is its own batch
 * @param windowTexts how many texts are sorted by length together at most
 */
public record Inference(String device, Precision precision, int batchTokens, int windowTexts) {

    /** What the settings say by default. */
    public static final Inference DEFAULT = new Inference("cpu", Precision.AUTO, 2048, 512);
}
