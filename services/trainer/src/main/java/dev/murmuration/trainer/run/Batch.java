package dev.murmuration.trainer.run;

import dev.murmuration.student.Noise;
import dev.murmuration.student.pixels.Crop;
import dev.murmuration.student.pixels.Mixup;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.run.Seeds.Purpose;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A batch as the student sees it. It depends only on the plan, the step and the items, so it can be made ahead of time.
 *
 * @param pixels of each photo
 * @param targets of each photo
 */
record Batch(List<float[]> pixels, List<float[]> targets) {

    /**
     * Makes a batch.
     *
     * @param step number of its step, from 0
     * @param atHand the samples that the items refer to
     * @param counts fresh samples of each class
     */
    static Batch of(Plan plan, long step, List<BatchSchedule.Item> items, List<Sample> atHand, long[] counts) {
        Recipe recipe = plan.recipe();
        List<float[]> pixels = IntStream.range(0, items.size())
                .parallel()
                .mapToObj(place -> pixels(plan, step, place, items.get(place), atHand))
                .toList();
        List<float[]> targets = items.stream()
                .map(item -> atHand.get(item.index()))
                .map(sample -> Targets.of(recipe, sample.scores(), sample.label(), counts))
                .toList();
        if (recipe.noise().mixup() == 0) {
            return new Batch(pixels, targets);
        }
        double share = Mixup.share(recipe.noise().mixup(), Seeds.of(plan.seed(), Purpose.MIXUP, step, 0));
        return new Batch(Mixup.mix(pixels, share), Mixup.mix(targets, share));
    }

    private static float[] pixels(Plan plan, long step, int place, BatchSchedule.Item item, List<Sample> atHand) {
        byte[] kept = atHand.get(item.index()).pixels();
        Pixels pixels = plan.pixels();
        Augmentation noise = plan.recipe().noise();
        if (!noise.crops()) {
            return pixels.of(kept, item.mirrored());
        }
        SplittableRandom random = Seeds.of(plan.seed(), Purpose.CROP, step, place);
        int side = plan.keptSide();
        Crop crop = Crop.drawn(side, noise.crop(), false, random);
        return pixels.of(kept, side, item.mirrored() ? mirrored(crop) : crop);
    }

    private static Crop mirrored(Crop crop) {
        return new Crop(crop.x(), crop.y(), crop.width(), crop.height(), true);
    }

    /** The whole photo, as in inference. */
    static float[] whole(Plan plan, Sample sample) {
        int side = plan.keptSide();
        return side == plan.pixels().side()
                ? plan.pixels().of(sample.pixels(), false)
                : plan.pixels().of(sample.pixels(), side, new Crop(0, 0, side, side, false));
    }

    /** One of {@code parts} nearly equal parts of the batch. */
    Batch part(int index, int parts) {
        int from = (int) ((long) pixels.size() * index / parts);
        int to = (int) ((long) pixels.size() * (index + 1) / parts);
        return new Batch(pixels.subList(from, to), targets.subList(from, to));
    }

    int size() {
        return pixels.size();
    }

    /** Which branches are skipped for it. */
    Noise noise(Plan plan, long step, int part) {
        Augmentation noise = plan.recipe().noise();
        return Noise.drawn(
                plan.architecture(),
                size(),
                noise.dropout(),
                noise.dropPath(),
                Seeds.of(plan.seed(), Purpose.PATHS, step, part));
    }
}
