package dev.murmuration.teacher.model;

import java.util.List;

/** A text classifier with the three classes negative, neutral, positive. Called by one thread at a time. */
public interface TextModel extends AutoCloseable {

    /** Name of the model, as it appears in events. */
    String name();

    /** First 16 hexadecimal digits of the SHA-256 over the model's files: the same version, the same weights. */
    String version();

    /**
     * Scores texts, in batches of the model's own choice.
     *
     * @param texts masked by {@link TweetText}, any strings, at least one
     * @return probabilities (texts, 3) in the order negative, neutral, positive, whatever the order of the model's own outputs
     */
    float[][] probabilities(List<String> texts);

    @Override
    void close();
}
