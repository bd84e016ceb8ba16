package dev.murmuration.filter.lineage;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * A sample of a shard and what it came from.
 *
 * @param key of the sample, see {@link dev.murmuration.shard.SampleKey}
 * @param tweetId of its tweet
 * @param photo SHA-256 of its photo as it was posted
 * @param label its class
 */
public record SampleEntry(String key, String tweetId, String photo, String label) {

    private static final int FIELDS = 4;

    /** Entries as lines of text, their fields apart by tabs. A tweet's id has neither tabs nor line ends where any feed is known. */
    public static String write(List<SampleEntry> entries) {
        StringBuilder text = new StringBuilder();
        for (SampleEntry entry : entries) {
            StringJoiner line = new StringJoiner("\t", "", "\n");
            line.add(entry.key()).add(entry.photo()).add(entry.label()).add(escaped(entry.tweetId()));
            text.append(line);
        }
        return text.toString();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static List<SampleEntry> read(String text) {
        List<SampleEntry> entries = new ArrayList<>();
        text.lines().forEach(line -> {
            String[] fields = line.split("\t", -1);
            if (fields.length != FIELDS) {
                throw new IllegalArgumentException("a line with %d fields".formatted(fields.length));
            }
            entries.add(new SampleEntry(fields[0], unescaped(fields[3]), fields[1], fields[2]));
        });
        return entries;
    }

    private static String escaped(String id) {
        return id.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private static String unescaped(String field) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && i + 1 < field.length()) {
                i++;
                id.append(
                        switch (field.charAt(i)) {
                            case 't' -> '\t';
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            default -> field.charAt(i);
                        });
            } else {
                id.append(c);
            }
        }
        return id.toString();
    }
}
