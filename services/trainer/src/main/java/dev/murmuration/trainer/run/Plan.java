package dev.murmuration.trainer.run;

import dev.murmuration.student.network.Network;
import dev.murmuration.student.pixels.Pixels;

/**
 * Everything that determines a run. Equal plans over equal streams give equal students.
 *
 * @param run its name
 * @param dataset whose shards are learned
 * @param architecture shape of the student
 * @param pixels how photos become pixels
 * @param recipe how the student is trained
 * @param seed of all random numbers
 * @param batch samples of a step
 * @param replay repeated samples per fresh one while the feed runs
 * @param passes total samples seen per fresh one when the feed has ended
 * @param reservoir maximum number of samples in the reservoir
 * @param validation number of validation samples
 */
public record Plan(
        String run,
        String dataset,
        Network architecture,
        Pixels pixels,
        Recipe recipe,
        long seed,
        int batch,
        double replay,
        double passes,
        int reservoir,
        int validation) {

    /** Width and height at which photos are kept, in pixels. */
    public int keptSide() {
        return recipe.noise().keptSide(pixels.side());
    }

    /** The settings that must not change during a run, as text. */
    public String fixed() {
        return "%s, %s, batch %d, replay %s, passes %s, reservoir %d"
                .formatted(recipe, pixels, batch, replay, passes, reservoir);
    }
}
