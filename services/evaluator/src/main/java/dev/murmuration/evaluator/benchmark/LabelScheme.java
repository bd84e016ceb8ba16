package dev.murmuration.evaluator.benchmark;

import dev.murmuration.schemas.Sentiment;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the numbers in the column {@code class} of an index mean. */
public enum LabelScheme {
    /** Decided by the numbers that occur: {@link #THREE} if there is a 2, else {@link #TWO}. */
    AUTO("auto", "those of the others"),
    /** 0 negative, 1 positive: the Twitter Testing Dataset, EmotionROI, Twitter II. */
    TWO("two", "0 negative, 1 positive"),
    /** 0 negative, 1 neutral, 2 positive: B-T4SA, and FI, which has no 1. */
    THREE("three", "0 negative, 1 neutral, 2 positive");

    private final String title;
    private final String meaning;

    LabelScheme(String title, String meaning) {
        this.title = title;
        this.meaning = meaning;
    }

    /** The scheme of this name; empty if there is none. */
    public static Optional<LabelScheme> titled(String title) {
        return Arrays.stream(values())
                .filter(scheme -> scheme.title.equals(title))
                .findFirst();
    }

    /** Every scheme's name, for messages. */
    public static String titles() {
        return Arrays.stream(values()).map(scheme -> scheme.title).collect(Collectors.joining(", "));
    }

    /** Returns this scheme, or for {@link #AUTO} the one that fits the numbers in the index. */
    LabelScheme given(Set<String> numbers) {
        return this != AUTO ? this : numbers.contains("2") ? THREE : TWO;
    }

    /**
     * The label that this number stands for; empty if the scheme has no such number. Ask {@link #AUTO} for the scheme that is
     * {@link #given} first.
     */
    public Optional<Sentiment> label(String number) {
        return switch (number) {
            case "0" -> Optional.of(Sentiment.negative);
            case "1" -> Optional.of(this == THREE ? Sentiment.neutral : Sentiment.positive);
            case "2" -> this == THREE ? Optional.of(Sentiment.positive) : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** The number of this label where there are three classes. */
    public static String number(Sentiment label) {
        return switch (label) {
            case negative -> "0";
            case neutral -> "1";
            case positive -> "2";
        };
    }

    /** Its numbers, for messages. */
    String meaning() {
        return meaning;
    }
}
