package dev.murmuration.evaluator.map;

import dev.murmuration.student.Architecture;
import dev.murmuration.student.Pixels;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Explains what a student says of a photo by a map over it. For platform threads: it decodes. */
public final class Explainer {

    /** Windows are this share of a side, so that they hold something to recognise. */
    private static final int WINDOWS = 3;

    private static final int LONGEST = 1_024;
    private static final int CURVE_POINTS = 24;
    private static final int RANDOM_ORDERS = 5;
    private static final long SEED = 42;
    private static final int NEGATIVE = 0;
    private static final int POSITIVE = 2;

    private final Asked student;
    private final Architecture architecture;
    private final Pixels form;
    private final Supplier<Attention> attention;

    /**
     * Explains this student.
     *
     * @param attention asked where a rollout is wanted
     */
    public Explainer(Asked student, Architecture architecture, Pixels form, Supplier<Attention> attention) {
        this.student = student;
        this.architecture = architecture;
        this.form = form;
        this.attention = attention;
    }

    /**
     * A map.
     *
     * @param kind what it shows
     * @param grid its values as they are
     * @param overlay as people look at it
     * @param positive whether positive is more probable than negative for the whole photo
     * @param map how far it can be believed
     * @param random how far a random map can
     */
    public record Explained(
            MapKind kind,
            Grid grid,
            BufferedImage overlay,
            boolean positive,
            Optional<Faithfulness> map,
            Optional<Faithfulness> random) {}

    /** Cells along a side of a map: the patches, or so many times finer. A rollout knows patches only. */
    public int steps(MapKind kind, int finer) {
        return architecture.side() / architecture.patch() * (kind == MapKind.ROLLOUT ? 1 : finer);
    }

    /**
     * Explains a photo.
     *
     * @param finer cells for each patch along a side, at least 1; it costs its square in time
     * @param judged whether deletion and insertion are measured too
     * @throws IOException if the photo cannot be read; a {@code PhotoException} says why
     */
    public Explained explain(byte[] photo, MapKind kind, int finer, boolean judged) throws IOException {
        byte[] squashed = form.squash(photo);
        BufferedImage picture = Picture.upright(photo, LONGEST, Pixels.MAX_PIXELS);
        float[] said = student.predict(List.of(form.of(squashed, false)))[0];
        boolean positive = said[POSITIVE] > said[NEGATIVE];
        int steps = steps(kind, finer);
        Occlusion occlusion = new Occlusion(student, form);
        Grid grid =
                switch (kind) {
                    case OCCLUSION -> occlusion.hiding(squashed, steps, architecture.patch());
                    case WINDOW ->
                        occlusion.sliding(squashed, steps, Math.max(architecture.patch(), form.side() / WINDOWS));
                    case ROLLOUT -> attention.get().rollout(form.of(squashed, false));
                };
        BufferedImage overlay =
                switch (kind) {
                    case OCCLUSION -> Overlay.ofRelevance(picture, grid);
                    case WINDOW -> Overlay.ofProbabilities(picture, grid);
                    case ROLLOUT -> Overlay.ofAttention(picture, grid, positive);
                };
        int verdict = positive ? POSITIVE : NEGATIVE;
        return new Explained(
                kind,
                grid,
                overlay,
                positive,
                judged
                        ? Optional.of(Faithfulness.of(
                                student, form, squashed, relevance(grid, verdict), verdict, CURVE_POINTS))
                        : Optional.empty(),
                judged
                        ? Optional.of(Faithfulness.random(
                                student, form, squashed, steps * steps, verdict, CURVE_POINTS, RANDOM_ORDERS, SEED))
                        : Optional.empty());
    }

    private static double[] relevance(Grid grid, int verdict) {
        double[] relevance = new double[grid.rows() * grid.columns()];
        int channel = grid.channels() == 1 ? 0 : verdict;
        for (int i = 0; i < relevance.length; i++) {
            relevance[i] = grid.get(i / grid.columns(), i % grid.columns(), channel);
        }
        return relevance;
    }
}
