package dev.murmuration.evaluator.benchmark;

import dev.murmuration.schemas.Sentiment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The benchmarks of the papers with their published sizes: a folder of one of these names that differs gives figures that cannot
 * stand beside the published ones, and that is told (Serra et al., ECAI 2023; Vadicamo et al., ICCVW 2017). Where a paper says
 * "about", five per cent are allowed.
 */
enum PublishedBenchmark {
    FIVE_AGREE("5agree", 882, 301, 581, true),
    FOUR_AGREE("4agree", 1_116, 427, 689, true),
    THREE_AGREE("3agree", 1_269, 500, 769, true),
    FI_COMPLETE("FI_complete", 23_000, 0, 0, false),
    EMOTION_ROI_TEST("emotion_ROI_test", 594, 396, 198, true),
    TWITTER_TESTING_2("twitter_testing_2", 600, 0, 0, false);

    private static final double ABOUT = 0.05;

    private final String title;
    private final int photos;
    private final int negative;
    private final int positive;
    private final boolean exact;

    PublishedBenchmark(String title, int photos, int negative, int positive, boolean exact) {
        this.title = title;
        this.photos = photos;
        this.negative = negative;
        this.positive = positive;
        this.exact = exact;
    }

    /** The name in the published scripts. */
    String title() {
        return title;
    }

    /** The benchmark of this name; empty if no paper has it. */
    static Optional<PublishedBenchmark> titled(String title) {
        return Arrays.stream(values())
                .filter(benchmark -> benchmark.title.equals(title))
                .findFirst();
    }

    /**
     * Describes the difference between a benchmark and the published one of the same name; empty if there is none or no paper
     * uses this name.
     */
    static Optional<String> difference(Benchmark benchmark) {
        return titled(benchmark.name()).flatMap(published -> published.difference(benchmark.labels()));
    }

    /** Describes the difference between these labels and the published ones; empty if there is none. */
    Optional<String> difference(List<Sentiment> labels) {
        long foundNegative = count(labels, Sentiment.negative);
        long foundPositive = count(labels, Sentiment.positive);
        boolean alike = exact
                ? labels.size() == photos && foundNegative == negative && foundPositive == positive
                : Math.abs(labels.size() - photos) <= ABOUT * photos && foundNegative + foundPositive == labels.size();
        if (alike) {
            return Optional.empty();
        }
        String wanted = exact
                ? "%d photos, %d negative and %d positive".formatted(photos, negative, positive)
                : "about %d photos, all negative or positive".formatted(photos);
        return Optional.of("%s as published has %s; this one has %d, %d negative, %d neutral and %d positive"
                .formatted(
                        title, wanted, labels.size(), foundNegative, count(labels, Sentiment.neutral), foundPositive));
    }

    private static long count(List<Sentiment> labels, Sentiment label) {
        return labels.stream().filter(one -> one == label).count();
    }
}
