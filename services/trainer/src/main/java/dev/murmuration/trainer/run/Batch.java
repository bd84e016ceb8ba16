package dev.murmuration.trainer.run;

import dev.murmuration.student.Noise;
import dev.murmuration.student.StagedBatch;
import dev.murmuration.student.Training;
import dev.murmuration.student.pixels.BatchPixels;
import dev.murmuration.student.pixels.Crop;
import dev.murmuration.student.pixels.Mixup;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.run.Seeds.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A batch as the student sees it. It depends only on the plan, the step and the items, so it can be made ahead of time.
 *
 * @param pixels of each photo: bytes, unless they are blended or cropped, which gives values between
 * @param targets of each photo
 */
record Batch(BatchPixels pixels, List<float[]> targets) {

    /**
     * Makes a batch.
     *
     * @param step number of its step, from 0
     * @param atHand the samples that the items refer to
     * @param counts fresh samples of each class
     */
    static Batch of(Plan plan, long step, List<BatchSchedule.Item> items, List<Sample> atHand, long[] counts) {
        Recipe recipe = plan.recipe();
        List<float[]> targets = items.stream()
                .map(item -> atHand.get(item.index()))
                .map(sample -> Targets.of(recipe, sample.scores(), sample.label(), counts))
                .toList();
        boolean blends = recipe.noise().mixup() > 0;
        if (!blends && !recipe.noise().crops()) {
            List<byte[]> photos = items.stream()
                    .map(item -> photo(plan, item, atHand.get(item.index()).pixels()))
                    .toList();
            return new Batch(new BatchPixels.Bytes(photos, plan.pixels()), targets);
        }
        List<float[]> pixels = IntStream.range(0, items.size())
                .parallel()
                .mapToObj(place -> pixels(plan, step, place, items.get(place), atHand))
                .toList();
        if (!blends) {
            return new Batch(new BatchPixels.Values(pixels), targets);
        }
        double share = Mixup.share(recipe.noise().mixup(), Seeds.of(plan.seed(), Purpose.MIXUP, step, 0));
        return new Batch(new BatchPixels.Values(Mixup.mix(pixels, share)), Mixup.mix(targets, share));
    }

    private static byte[] photo(Plan plan, BatchSchedule.Item item, byte[] kept) {
        return item.mirrored() ? plan.pixels().mirrored(kept) : kept;
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

    /** Whole photos, as in inference. */
    static BatchPixels whole(Plan plan, List<Sample> samples) {
        int side = plan.keptSide();
        List<byte[]> kept = samples.stream().map(Sample::pixels).toList();
        if (side == plan.pixels().side()) {
            return new BatchPixels.Bytes(kept, plan.pixels());
        }
        Crop all = new Crop(0, 0, side, side, false);
        return new BatchPixels.Values(
                kept.stream().map(photo -> plan.pixels().of(photo, side, all)).toList());
    }

    /** Sends it to where the student computes, in nearly equal parts, as many as the recipe says. */
    List<StagedBatch> staged(Plan plan, long step, Training training) {
        int parts = Math.min(plan.recipe().parts(), size());
        List<StagedBatch> staged = new ArrayList<>(parts);
        for (int i = 0; i < parts; i++) {
            int from = (int) ((long) size() * i / parts);
            int to = (int) ((long) size() * (i + 1) / parts);
            staged.add(
                    training.stage(pixels.part(from, to), targets.subList(from, to), noise(plan, step, i, to - from)));
        }
        return staged;
    }

    int size() {
        return pixels.size();
    }

    // Which branches are skipped for a part.
    private static Noise noise(Plan plan, long step, int part, int images) {
        Augmentation noise = plan.recipe().noise();
        return Noise.drawn(
                plan.architecture(),
                images,
                noise.dropout(),
                noise.dropPath(),
                Seeds.of(plan.seed(), Purpose.PATHS, step, part));
    }
}
