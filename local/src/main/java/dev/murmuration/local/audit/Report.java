package dev.murmuration.local.audit;

import java.util.List;
import java.util.Map;

/**
 * The result of an audit.
 *
 * @param photos photos of all records that were read
 * @param rows the counts, in the order in which a photo meets them
 * @param differences empty if conservation holds
 * @param covered the offsets that were read, by topic
 * @param notes what the audit could not verify, and why
 */
public record Report(
        long photos,
        Map<String, Long> rows,
        List<Difference> differences,
        Map<String, String> covered,
        List<String> notes) {

    /** Whether there is no difference. */
    public boolean ok() {
        return differences.isEmpty();
    }

    /** As a table for a terminal. */
    public List<String> lines() {
        java.util.ArrayList<String> lines = new java.util.ArrayList<>();
        lines.add("offsets covered (partition: first to end)");
        covered.forEach((topic, offsets) -> lines.add("    %-24s %s".formatted(topic, offsets)));
        lines.add("");
        rows.forEach((name, count) -> lines.add("%-44s %,12d".formatted(name, count)));
        notes.forEach(note -> lines.add("note: " + note));
        lines.add("");
        for (Difference difference : differences) {
            lines.add("DIFFERENCE %s: %,d, for example %s"
                    .formatted(difference.what(), difference.count(), String.join(", ", difference.examples())));
        }
        lines.add(ok() ? "conservation holds for %,d photos".formatted(photos) : "conservation is BROKEN");
        return lines;
    }
}
