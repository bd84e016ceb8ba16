package dev.murmuration.teacher.model;

import java.util.Optional;

/**
 * How a transformer is run.
 *
 * @param device where: {@code cpu}, {@code gpu}, {@code gpu1} or {@code auto}
 * @param precision in which numbers
 * @param batchTokens how many tokens are computed at once at most; a longer text alone is its own batch. Empty: what suits the device
 * @param windowTexts how many texts are sorted by length together at most. Empty: what suits the device
 */
public record Inference(
        String device, Precision precision, Optional<Integer> batchTokens, Optional<Integer> windowTexts) {

    /** What the settings say by default. */
    public static final Inference DEFAULT = new Inference("auto", Precision.AUTO, Optional.empty(), Optional.empty());

    // Measured on one H200: 2,048 tokens, some 80 tweets, are fewer than it can start; from 65,536 on it is busy.
    private static final int TOKENS_ON_GPU = 65_536;
    private static final int TOKENS_ON_CPU = 2_048;
    private static final int TEXTS_ON_GPU = 8_192;
    private static final int TEXTS_ON_CPU = 512;

    /** The same with both limits given. */
    public Inference(String device, Precision precision, int batchTokens, int windowTexts) {
        this(device, precision, Optional.of(batchTokens), Optional.of(windowTexts));
    }

    /** How many tokens are computed at once, on a GPU or on a processor. */
    public int batchTokens(boolean isGpu) {
        return batchTokens.orElse(isGpu ? TOKENS_ON_GPU : TOKENS_ON_CPU);
    }

    /** How many texts are sorted together, on a GPU or on a processor. */
    public int windowTexts(boolean isGpu) {
        return windowTexts.orElse(isGpu ? TEXTS_ON_GPU : TEXTS_ON_CPU);
    }
}
