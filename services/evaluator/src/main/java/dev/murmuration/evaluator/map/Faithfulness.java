package dev.murmuration.evaluator.map;

import dev.murmuration.student.pixels.Pixels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Faithfulness of a map (Petsiuk et al., BMVC 2018): the area under the curve of a class probability while the most relevant
 * cells are removed one by one (deletion, lower is better) or added to an empty picture (insertion, higher is better). An
 * uninformative map scores like a random order.
 *
 * @param deletion area under the curve, in [0, 1]
 * @param insertion area under the curve, in [0, 1]
 */
public record Faithfulness(double deletion, double insertion) {

    /**
     * Measures a map.
     *
     * @param squashed {@code (side, side, 3)}
     * @param relevance one value for each cell, row by row of a square grid
     * @param classIndex 0 negative, 1 neutral, 2 positive
     * @param points of each curve beside its beginning, at most one for each cell
     */
    public static Faithfulness of(
            Classifier student, Pixels form, byte[] squashed, double[] relevance, int classIndex, int points) {
        List<Integer> order = IntStream.range(0, relevance.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer cell) -> relevance[cell])
                        .reversed()
                        .thenComparing(cell -> cell))
                .toList();
        return inOrder(student, form, squashed, order, classIndex, points);
    }

    /**
     * Measures the baseline: the mean of random orders.
     *
     * @param cells of a square grid
     */
    public static Faithfulness random(
            Classifier student,
            Pixels form,
            byte[] squashed,
            int cells,
            int classIndex,
            int points,
            int orders,
            long seed) {
        Random random = new Random(seed);
        double deletion = 0;
        double insertion = 0;
        for (int i = 0; i < orders; i++) {
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, cells).boxed().toList());
            Collections.shuffle(order, random);
            Faithfulness one = inOrder(student, form, squashed, order, classIndex, points);
            deletion += one.deletion / orders;
            insertion += one.insertion / orders;
        }
        return new Faithfulness(deletion, insertion);
    }

    private static Faithfulness inOrder(
            Classifier student, Pixels form, byte[] squashed, List<Integer> order, int classIndex, int points) {
        byte[] empty = new byte[squashed.length];
        byte[] mean = Occlusion.mean(squashed);
        for (int i = 0; i < empty.length; i++) {
            empty[i] = mean[i % 3];
        }
        return new Faithfulness(
                area(student, form, squashed, empty, order, classIndex, points),
                area(student, form, empty, squashed, order, classIndex, points));
    }

    private static double area(
            Classifier student, Pixels form, byte[] from, byte[] to, List<Integer> order, int classIndex, int points) {
        int cells = order.size();
        int steps = Math.min(points, cells);
        byte[] picture = from.clone();
        List<float[]> pictures = new ArrayList<>();
        pictures.add(form.of(picture, false));
        int done = 0;
        for (int step = 1; step <= steps; step++) {
            int until = Math.toIntExact(Math.round((double) step * cells / steps));
            for (; done < until; done++) {
                copy(to, picture, order.get(done), (int) Math.round(Math.sqrt(cells)), form.side());
            }
            pictures.add(form.of(picture, false));
        }
        double[] curve = Arrays.stream(student.inBatchesOf(32).predict(pictures))
                .mapToDouble(probabilities -> probabilities[classIndex])
                .toArray();
        double area = 0;
        for (int i = 1; i < curve.length; i++) {
            area += (curve[i - 1] + curve[i]) / 2 / steps;
        }
        return area;
    }

    private static void copy(byte[] from, byte[] to, int cell, int grid, int side) {
        int row = cell / grid;
        int column = cell % grid;
        int left = column * side / grid;
        int right = (column + 1) * side / grid;
        for (int y = row * side / grid; y < (row + 1) * side / grid; y++) {
            System.arraycopy(from, 3 * (y * side + left), to, 3 * (y * side + left), 3 * (right - left));
        }
    }
}
