package dev.murmuration.evaluator.map;

import dev.murmuration.student.Student;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.pixels.Pixels;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Explains a prediction by a map over the photo. Call from platform threads, because it decodes. */
public final class Explainer {

    /** Side of a window relative to the picture, large enough to contain something recognisable. */
    private static final int WINDOWS = 3;

    private static final int LONGEST = 1_024;
    private static final int CURVE_POINTS = 24;
    private static final int RANDOM_ORDERS = 5;
    private static final long SEED = 42;
    private static final int NEGATIVE = 0;
    private static final int NEUTRAL = 1;
    private static final int POSITIVE = 2;

    private final Student whole;
    private final Classifier student;
    private final Pixels form;
    private final Supplier<Attention> attention;

    /**
     * Explains this student.
     *
     * @param batch photos that it is shown at once
     * @param attention asked where a rollout is wanted
     */
    public Explainer(Student student, int batch, Supplier<Attention> attention) {
        this.whole = student;
        this.student = ((Classifier) student::predict).inBatchesOf(batch);
        this.form = student.pixels();
        this.attention = attention;
    }

    /**
     * A map.
     *
     * @param kind what it shows
     * @param grid its values as they are
     * @param picture the photo that it is of, upright
     * @param overlay as people look at it
     * @param verdict what the student says of the whole photo
     * @param map how far it can be believed
     * @param random how far a random map can
     */
    public record Explained(
            MapKind kind,
            Grid grid,
            BufferedImage picture,
            BufferedImage overlay,
            Verdict verdict,
            Optional<Faithfulness> map,
            Optional<Faithfulness> random) {

        /** Whether positive is more probable than negative: the map tells these two apart, and is judged for the more probable one. */
        public boolean positive() {
            return verdict.positive() > verdict.negative();
        }
    }

    /** Cells along a side of a map that is asked for part by part: those of the student, or so many times finer. */
    private int steps(int finer) {
        return Math.max(1, form.side() / whole.architecture().cell()) * finer;
    }

    /**
     * Explains a photo.
     *
     * @param finer cells for each patch along a side, at least 1; it costs its square in time
     * @param judged whether deletion and insertion are measured too
     * @throws IOException if the photo cannot be read, where a {@code PhotoException} says why, or the student has no such map
     */
    public Explained explain(byte[] photo, MapKind kind, int finer, boolean judged) throws IOException {
        refuseWhatItHasNot(kind);
        byte[] squashed = form.squash(photo);
        BufferedImage picture = Picture.upright(photo, LONGEST, Pixels.MAX_PIXELS);
        float[] said = student.predict(List.of(form.of(squashed, false)))[0];
        Verdict verdict = new Verdict(said[NEGATIVE], said[NEUTRAL], said[POSITIVE]);
        boolean positive = verdict.positive() > verdict.negative();
        int steps = steps(finer);
        int cell = Math.min(form.side(), whole.architecture().cell());
        Occlusion occlusion = new Occlusion(student, form);
        Grid grid =
                switch (kind) {
                    case OCCLUSION -> occlusion.hiding(squashed, steps, cell);
                    case WINDOW -> occlusion.sliding(squashed, steps, Math.max(cell, form.side() / WINDOWS));
                    case ROLLOUT -> attention.get().rollout(form.of(squashed, false));
                    case PATCHES -> grid(whole.patches(form.of(squashed, false)));
                    case CONVOLUTION -> regions(photo);
                };
        BufferedImage overlay =
                switch (kind) {
                    case OCCLUSION -> Overlay.ofRelevance(picture, grid);
                    case WINDOW, PATCHES, CONVOLUTION -> Overlay.ofProbabilities(picture, grid);
                    case ROLLOUT -> Overlay.ofAttention(picture, grid, verdict.mostProbable());
                };
        int judgedFor = positive ? POSITIVE : NEGATIVE;
        return new Explained(
                kind,
                grid,
                picture,
                overlay,
                verdict,
                judged
                        ? Optional.of(Faithfulness.of(
                                student, form, squashed, relevance(grid, judgedFor), judgedFor, CURVE_POINTS))
                        : Optional.empty(),
                judged
                        ? Optional.of(Faithfulness.random(
                                student,
                                form,
                                squashed,
                                grid.rows() * grid.columns(),
                                judgedFor,
                                CURVE_POINTS,
                                RANDOM_ORDERS,
                                SEED))
                        : Optional.empty());
    }

    private void refuseWhatItHasNot(MapKind kind) throws IOException {
        String name = whole.architecture().name();
        if (kind == MapKind.ROLLOUT && !(whole.architecture() instanceof Architecture)) {
            throw new IOException("a %s has no attention to roll out".formatted(name));
        }
        if (kind == MapKind.PATCHES && !whole.scoresPatches()) {
            throw new IOException(
                    "a %s has no scores of its patches: its head does not read their mean, as that of a vit-...-mean does"
                            .formatted(name));
        }
    }

    private Grid regions(byte[] photo) throws IOException {
        Pixels wide = whole.widePixels()
                .orElseThrow(() -> new IOException("a %s has no fully convolutional form"
                        .formatted(whole.architecture().name())));
        return grid(whole.regions(wide.of(photo)));
    }

    private static Grid grid(float[][][] cells) {
        Grid grid = new Grid(cells.length, cells[0].length, Architecture.CLASSES);
        for (int row = 0; row < grid.rows(); row++) {
            for (int column = 0; column < grid.columns(); column++) {
                for (int c = 0; c < Architecture.CLASSES; c++) {
                    grid.set(row, column, c, cells[row][column][c]);
                }
            }
        }
        return grid;
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
