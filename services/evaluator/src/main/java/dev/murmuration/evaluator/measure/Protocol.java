package dev.murmuration.evaluator.measure;

import dev.murmuration.schemas.Sentiment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Ways to turn the three probabilities of a photo into a predicted class, so that results of different papers are comparable. */
public enum Protocol {
    /**
     * Two classes, no training: neutral photos are left out, the neutral column is dropped, ties are negative (Serra et al., ECAI 2023).
     */
    ZERO_SHOT("zero-shot"),
    /** All three classes by the largest probability; only for benchmarks that have neutral photos (Vadicamo et al., ICCVW 2017). */
    THREE_WAY("three-way"),
    /**
     * Trained further on four fifths and tested on the rest, five times: scikit-learn's stratified folds, seed 42 (Serra et al.,
     * ECAI 2023).
     */
    K_FOLD("k-fold"),
    /** Like {@link #K_FOLD}, with all duplicates of a photo in one fold: as published, a duplicate of a test photo may be in training. */
    K_FOLD_GROUPED("k-fold-grouped"),
    /** Like {@link #K_FOLD}, with the folds of the benchmark's authors, in the column {@code fold}. */
    K_FOLD_GIVEN("k-fold-given"),
    /** The given folds, without training photos that have a duplicate in the test part. */
    K_FOLD_GIVEN_GROUPED("k-fold-given-grouped"),
    /** Trained further on the given splits, tested after the epoch that was best on their validation part (FI; Serra et al., ECAI 2023). */
    FINE_TUNE("fine-tune"),
    /** The given splits, without training and validation photos that have a duplicate in the test part. */
    FINE_TUNE_GROUPED("fine-tune-grouped");

    private final String title;

    Protocol(String title) {
        this.title = title;
    }

    /** Its name in events, settings and on the command line. */
    public String title() {
        return title;
    }

    /** The protocol of this name; empty if there is none. */
    public static Optional<Protocol> titled(String title) {
        return Arrays.stream(values())
                .filter(protocol -> protocol.title.equals(title))
                .findFirst();
    }

    /** Every protocol's name, for messages. */
    public static String titles() {
        return Arrays.stream(values()).map(Protocol::title).collect(Collectors.joining(", "));
    }

    /** Whether a student is trained further on the benchmark before it is tested on it. */
    public boolean trains() {
        return this != ZERO_SHOT && this != THREE_WAY;
    }

    /** Whether the benchmark gives the parts for training, validation and test. */
    public boolean hasSplits() {
        return this == FINE_TUNE || this == FINE_TUNE_GROUPED;
    }

    /** The protocols without training. */
    public static List<Protocol> asking() {
        return Arrays.stream(values()).filter(protocol -> !protocol.trains()).toList();
    }

    /**
     * Whether the protocol is meaningful for these labels: three-way needs neutral photos (without them, predicting neutral is
     * always wrong), and zero-shot needs others.
     */
    public boolean measures(List<Sentiment> truths) {
        return this == THREE_WAY
                ? truths.contains(Sentiment.neutral)
                : truths.stream().anyMatch(this::asksFor);
    }

    /** The classes that it distinguishes, in order. */
    public List<Sentiment> classes() {
        return switch (this) {
            case THREE_WAY -> List.of(Sentiment.negative, Sentiment.neutral, Sentiment.positive);
            default -> List.of(Sentiment.negative, Sentiment.positive);
        };
    }

    /** Whether it measures photos with this label. */
    public boolean asksFor(Sentiment truth) {
        return classes().contains(truth);
    }

    /** The predicted class of a photo. */
    public Sentiment verdict(Prediction prediction) {
        return switch (this) {
            case THREE_WAY -> prediction.mostProbable();
            default -> prediction.withoutNeutral();
        };
    }

    /** The metrics over the photos whose label is one of the protocol's classes; empty if there are none. */
    public Optional<Metrics> measure(List<LabelledPrediction> judged) {
        List<LabelledPrediction> measured =
                judged.stream().filter(photo -> asksFor(photo.truth())).toList();
        if (measured.isEmpty()) {
            return Optional.empty();
        }
        Confusion confusion = new Confusion(classes());
        measured.forEach(photo -> confusion.add(photo.truth(), verdict(photo.prediction()), 1));
        return Optional.of(Metrics.of(confusion, Ranking.of(measured)));
    }
}
