package dev.murmuration.filter.command;

import dev.murmuration.schemas.Rejection;
import dev.murmuration.stage.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Rejections by stage and reason, with the first few of each. */
final class RejectionCounts {

    private record Reason(String stage, String reason) implements Comparable<Reason> {
        @Override
        public int compareTo(Reason other) {
            int byStage = stage.compareTo(other.stage);
            return byStage != 0 ? byStage : reason.compareTo(other.reason);
        }
    }

    private static final class Seen {
        private long count;
        private final List<String> examples = new ArrayList<>();
    }

    private final TreeMap<Reason, Seen> reasons = new TreeMap<>();
    private final int examples;

    /** @param examples number of examples per reason */
    RejectionCounts(int examples) {
        this.examples = examples;
    }

    void add(Rejection rejection) {
        Seen seen =
                reasons.computeIfAbsent(new Reason(rejection.getStage(), rejection.getReason()), reason -> new Seen());
        seen.count++;
        if (seen.examples.size() < examples) {
            Integer index = rejection.getImageIndex();
            seen.examples.add(Printable.of("    %s%s: %s"
                    .formatted(rejection.getTweetId(), index == null ? "" : " photo " + index, rejection.getDetail())));
        }
    }

    boolean isEmpty() {
        return reasons.isEmpty();
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        long all = 0;
        for (Map.Entry<Reason, Seen> entry : reasons.entrySet()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-8s %-20s %,10d",
                    entry.getKey().stage(),
                    entry.getKey().reason(),
                    entry.getValue().count));
            lines.addAll(entry.getValue().examples);
            all += entry.getValue().count;
        }
        lines.add(String.format(Locale.ROOT, "%-29s %,10d", "all", all));
        return lines;
    }
}
