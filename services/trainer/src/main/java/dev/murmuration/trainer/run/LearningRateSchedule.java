package dev.murmuration.trainer.run;

/**
 * The learning rate as a function of the samples seen. The length of a stream is unknown, so the rate stays at its height until
 * the feed ends, and then falls.
 */
final class LearningRateSchedule {

    private LearningRateSchedule() {}

    /** While the feed runs: rises from 0 over the warm-up, then stays constant. */
    static double streaming(Recipe recipe, long samplesSeen) {
        if (samplesSeen >= recipe.warmupSamples()) {
            return recipe.learningRate();
        }
        return recipe.learningRate() * (samplesSeen + 1) / recipe.warmupSamples();
    }

    /**
     * After the feed has ended: along half a cosine from the height at {@code from} to 0 at {@code to} (Loshchilov and Hutter
     * 2017), where the recipe asks for it.
     *
     * @param from samples seen when the feed ended
     * @param to samples seen at the end
     */
    static double finishing(Recipe recipe, long samplesSeen, long from, long to) {
        double height = streaming(recipe, samplesSeen);
        if (!recipe.cosine()) {
            return height;
        }
        double share = Math.clamp((double) (samplesSeen - from) / Math.max(1, to - from), 0, 1);
        return height * (1 + Math.cos(Math.PI * share)) / 2;
    }
}
