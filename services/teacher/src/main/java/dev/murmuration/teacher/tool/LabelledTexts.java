package dev.murmuration.teacher.tool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Texts as they were written, not masked, with the class that people gave them: 0 negative, 1 neutral, 2 positive. */
public final class LabelledTexts {

    private final List<String> texts;
    private final int[] labels;

    private LabelledTexts(List<String> texts, int[] labels) {
        this.texts = texts;
        this.labels = labels;
    }

    /**
     * Reads a file of lines {@code label<TAB>text} in UTF-8.
     *
     * @throws IOException if it cannot be read or a line is not of that form; the message names the line
     */
    public static LabelledTexts read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        List<String> texts = new ArrayList<>(lines.size());
        int[] labels = new int[lines.size()];
        for (int i = 0; i < labels.length; i++) {
            String line = lines.get(i);
            if (line.length() < 2 || line.charAt(0) < '0' || line.charAt(0) > '2' || line.charAt(1) != '\t') {
                throw new IOException("%s, line %d: no label 0, 1 or 2, tab, text".formatted(file, i + 1));
            }
            labels[i] = line.charAt(0) - '0';
            texts.add(line.substring(2));
        }
        return new LabelledTexts(texts, labels);
    }

    /** The texts, in the order of the file. */
    public List<String> texts() {
        return texts;
    }

    int[] labels() {
        return labels;
    }

    int size() {
        return labels.length;
    }
}
