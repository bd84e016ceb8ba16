package dev.murmuration.evaluator;

import dev.murmuration.schemas.Sentiment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A way to turn three probabilities a photo into a verdict, so that figures of different papers can be compared. */
enum Protocol {
    /** Two classes, no training: neutral photos are left out, the neutral column is dropped, ties are negative (Serra et al., ECAI 2023). */
    ZERO_SHOT("zero-shot"),
    /** All three classes by the largest probability; only for benchmarks that have neutral photos (Vadicamo et al., ICCVW 2017). */
    THREE_WAY("three-way");

    private final String title;

    Protocol(String title) {
        this.title = title;
    }

    /** Its name in events, settings and on the command line. */
    String title() {
        return title;
    }

    /** The protocol of this name; empty if there is none. */
    static Optional<Protocol> titled(String title) {
        return Arrays.stream(values())
                .filter(protocol -> protocol.title.equals(title))
                .findFirst();
    }

    /** Every protocol's name, for messages. */
    static String titles() {
        return Arrays.stream(values()).map(Protocol::title).collect(Collectors.joining(", "));
    }

    /**
     * Whether it says anything about photos with these labels: three-way needs neutral ones (else a verdict of neutral is always wrong and the figure means
     * nothing), zero-shot needs some that are not.
     */
    boolean measures(List<Sentiment> truths) {
        return this == THREE_WAY
                ? truths.contains(Sentiment.neutral)
                : truths.stream().anyMatch(this::asksFor);
    }

    /** The classes of its figures, in their order. */
    List<Sentiment> classes() {
        return switch (this) {
            case ZERO_SHOT -> List.of(Sentiment.negative, Sentiment.positive);
            case THREE_WAY -> List.of(Sentiment.negative, Sentiment.neutral, Sentiment.positive);
        };
    }

    /** Whether photos with this label are measured. */
    boolean asksFor(Sentiment truth) {
        return classes().contains(truth);
    }

    /** The verdict on one photo. */
    Sentiment verdict(Prediction prediction) {
        return switch (this) {
            case ZERO_SHOT -> prediction.withoutNeutral();
            case THREE_WAY -> prediction.mostProbable();
        };
    }

    /** The figures over the photos whose truth is one of the protocol's classes; empty if there are none. */
    Optional<Metrics> measure(List<Judged> judged) {
        List<Judged> measured =
                judged.stream().filter(photo -> asksFor(photo.truth())).toList();
        if (measured.isEmpty()) {
            return Optional.empty();
        }
        Confusion confusion = new Confusion(classes());
        measured.forEach(photo -> confusion.add(photo.truth(), verdict(photo.prediction()), 1));
        return Optional.of(Metrics.of(confusion, RocAuc.of(measured)));
    }
}
