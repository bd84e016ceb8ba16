package dev.murmuration.trainer.run;

import dev.murmuration.student.Crop;
import dev.murmuration.student.Mixup;
import dev.murmuration.student.Noise;
import dev.murmuration.student.Pixels;
import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.run.Seeds.Purpose;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A batch as the student sees it. It depends on the plan, the step and the picks alone, so that it can be made before its turn.
 *
 * @param pixels of each photo
 * @param targets of each photo
 */
record Batch(List<float[]> pixels, List<float[]> targets) {

    /**
     * Makes a batch.
     *
     * @param step number of its step, from 0
     * @param atHand what the picks choose from
     * @param counts fresh samples of each class
     */
    static Batch of(Plan plan, long step, List<Pick> picks, List<Sample> atHand, long[] counts) {
        Recipe recipe = plan.recipe();
        List<float[]> pixels = IntStream.range(0, picks.size())
                .parallel()
                .mapToObj(place -> pixels(plan, step, place, picks.get(place), atHand))
                .toList();
        List<float[]> targets = picks.stream()
                .map(pick -> atHand.get(pick.index()))
                .map(sample -> Targets.of(recipe, sample.scores(), sample.label(), counts))
                .toList();
        if (recipe.noise().mixup() == 0) {
            return new Batch(pixels, targets);
        }
        double share = Mixup.share(recipe.noise().mixup(), Seeds.of(plan.seed(), Purpose.MIXUP, step, 0));
        return new Batch(Mixup.mix(pixels, share), Mixup.mix(targets, share));
    }

    private static float[] pixels(Plan plan, long step, int place, Pick pick, List<Sample> atHand) {
        byte[] kept = atHand.get(pick.index()).pixels();
        Pixels pixels = plan.pixels();
        Disturbance noise = plan.recipe().noise();
        if (!noise.crops()) {
            return pixels.of(kept, pick.mirrored());
        }
        SplittableRandom random = Seeds.of(plan.seed(), Purpose.CROP, step, place);
        int side = plan.keptSide();
        Crop crop = Crop.drawn(side, noise.crop(), false, random);
        return pixels.of(kept, side, pick.mirrored() ? mirrored(crop) : crop);
    }

    private static Crop mirrored(Crop crop) {
        return new Crop(crop.x(), crop.y(), crop.width(), crop.height(), true);
    }

    /** All of a photo, as the student is asked. */
    static float[] whole(Plan plan, Sample sample) {
        int side = plan.keptSide();
        return side == plan.pixels().side()
                ? plan.pixels().of(sample.pixels(), false)
                : plan.pixels().of(sample.pixels(), side, new Crop(0, 0, side, side, false));
    }

    /** One of the parts into which the batch is divided, the first ones larger by one where it must be. */
    Batch part(int index, int parts) {
        int from = (int) ((long) pixels.size() * index / parts);
        int to = (int) ((long) pixels.size() * (index + 1) / parts);
        return new Batch(pixels.subList(from, to), targets.subList(from, to));
    }

    int size() {
        return pixels.size();
    }

    /** Which branches are left out for it. */
    Noise noise(Plan plan, long step, int part) {
        Disturbance noise = plan.recipe().noise();
        return Noise.drawn(
                plan.architecture(),
                size(),
                noise.dropout(),
                noise.dropPath(),
                Seeds.of(plan.seed(), Purpose.PATHS, step, part));
    }
}
