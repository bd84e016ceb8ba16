package dev.murmuration.simulator;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The simplest reader of sentiment there is: words count by how often each class used them. */
final class NaiveBayes {

    private final Map<String, int[]> counts = new HashMap<>();
    private final int[] texts = new int[3];

    void learn(int label, String text) {
        texts[label]++;
        for (String word : words(text)) {
            counts.computeIfAbsent(word, w -> new int[3])[label]++;
        }
    }

    int guess(String text) {
        int best = 0;
        double[] scores = new double[3];
        for (int label = 0; label < 3; label++) {
            for (String word : words(text)) {
                int[] seen = counts.get(word);
                if (seen != null) {
                    scores[label] += Math.log((seen[label] + 1.0) / (texts[label] + 2.0));
                }
            }
            best = scores[label] > scores[best] ? label : best;
        }
        return best;
    }

    private static Set<String> words(String text) {
        Set<String> words =
                new HashSet<>(Arrays.asList(text.toLowerCase(Locale.ROOT).split("[^a-z0-9'@:)(<]+")));
        words.removeIf(word -> word.startsWith("http") || word.startsWith("@"));
        return words;
    }
}
