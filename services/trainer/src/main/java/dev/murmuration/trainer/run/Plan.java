package dev.murmuration.trainer.run;

import dev.murmuration.student.Network;
import dev.murmuration.student.Pixels;

/**
 * Everything that makes a run what it is. Equal plans over equal streams give equal students.
 *
 * @param run its name
 * @param dataset whose shards are learned
 * @param architecture shape of the student
 * @param pixels how photos become pixels
 * @param recipe how it learns
 * @param seed where its randomness comes from
 * @param batch samples of a step
 * @param replay samples seen again for each fresh one while the feed runs
 * @param passes samples seen in all for each fresh one when the feed has ended
 * @param reservoir samples that are kept to be seen again
 * @param validation samples that are kept to measure on
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

    /** What must not change while a run goes on, as text. */
    public String fixed() {
        return "%s, %s, batch %d, replay %s, passes %s, reservoir %d"
                .formatted(recipe, pixels, batch, replay, passes, reservoir);
    }
}
