package dev.murmuration.evaluator.benchmark;

import dev.murmuration.schemas.Sentiment;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Maps emotions to sentiments: Mikels' eight of FI (You et al., AAAI 2016) and Ekman's six of EmotionROI (Peng et al., ICIP 2016). */
public final class EmotionLabels {

    private static final Set<String> POSITIVE =
            Set.of("amusement", "awe", "contentment", "excitement", "joy", "surprise", "positive");
    private static final Set<String> NEGATIVE = Set.of("anger", "disgust", "fear", "sadness", "negative");

    private EmotionLabels() {}

    /** The sentiment of an emotion by its English name in any case; empty if it is unknown. */
    public static Optional<Sentiment> sentiment(String emotion) {
        String name = emotion.toLowerCase(Locale.ROOT);
        if (POSITIVE.contains(name)) {
            return Optional.of(Sentiment.positive);
        }
        return NEGATIVE.contains(name) ? Optional.of(Sentiment.negative) : Optional.empty();
    }
}
