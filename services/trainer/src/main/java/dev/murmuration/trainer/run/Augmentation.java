package dev.murmuration.trainer.run;

/**
 * Augmentation and regularisation settings.
 *
 * @param mirror whether half of the photos are mirrored
 * @param crop minimum share of a photo's area that is shown; 1: always all of it
 * @param mixup alpha of mixup, the blending of two photos and their targets; 0: none
 * @param dropout share of the activations that are dropped
 * @param dropPath share of the images for which the last layer's branches are skipped; it falls linearly to 0 in the first
 */
public record Augmentation(boolean mirror, double crop, double mixup, double dropout, double dropPath) {

    static final Augmentation NONE = new Augmentation(false, 1, 0, 0, 0);
    static final Augmentation MIRROR = new Augmentation(true, 1, 0, 0, 0);

    // A crop is taken from more than the student sees, or it would be blurred.
    private static final double KEPT = 4 / 3.;

    /** @throws IllegalArgumentException if a value is out of range */
    public Augmentation {
        require(crop > 0 && crop <= 1, "crop", crop);
        require(mixup >= 0 && mixup <= 100, "mixup", mixup);
        require(dropout >= 0 && dropout < 1, "dropout", dropout);
        require(dropPath >= 0 && dropPath < 1, "drop path", dropPath);
    }

    boolean crops() {
        return crop < 1;
    }

    /** Width and height at which photos are kept for a student of this side, in pixels. */
    public int keptSide(int side) {
        return crops() ? (int) Math.round(side * KEPT) : side;
    }

    private static void require(boolean holds, String name, double value) {
        if (!holds) {
            throw new IllegalArgumentException("%s %s is out of range".formatted(name, value));
        }
    }
}
