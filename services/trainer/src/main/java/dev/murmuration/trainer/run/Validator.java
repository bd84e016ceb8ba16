package dev.murmuration.trainer.run;

import dev.murmuration.schemas.Validation;
import dev.murmuration.student.Training;
import dev.murmuration.trainer.data.Sample;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Measures a student in training on samples that it does not learn from. */
final class Validator {

    private Validator() {}

    /** Loss against the teacher's scores and agreement with its labels, with the averaged weights; empty if there are no samples. */
    static Optional<Validation> on(List<Sample> samples, Plan plan, Training training) {
        if (samples.isEmpty()) {
            return Optional.empty();
        }
        double sum = 0;
        int right = 0;
        for (int from = 0; from < samples.size(); from += plan.batch()) {
            List<Sample> part = samples.subList(from, Math.min(samples.size(), from + plan.batch()));
            float[][] predicted = training.predict(Batch.whole(plan, part));
            for (int i = 0; i < predicted.length; i++) {
                float[] probabilities = predicted[i];
                float[] scores = part.get(i).scores();
                sum -= IntStream.range(0, probabilities.length)
                        .mapToDouble(c -> scores[c] * Math.log(Math.max(probabilities[c], Float.MIN_NORMAL)))
                        .sum();
                right += best(probabilities) == part.get(i).label() ? 1 : 0;
            }
        }
        return Optional.of(new Validation(samples.size(), sum / samples.size(), (double) right / samples.size()));
    }

    static int best(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
