package dev.murmuration.console.web;

import dev.murmuration.console.Console;
import dev.murmuration.console.rejection.RejectionLog;
import java.util.List;
import java.util.Map;

/**
 * Everything that was refused.
 *
 * @param total rejections that were read
 * @param counts by stage and reason
 * @param deadLetters by service
 */
public record RejectionsView(long total, List<RejectionLog.Count> counts, Map<String, Long> deadLetters) {

    static RejectionsView of(Console console) {
        return new RejectionsView(
                console.rejections().total(),
                console.rejections().counts(),
                console.deadLetters().counts());
    }

    /** Width of a bar, of 100 for the most frequent reason. */
    public double width(long count) {
        long most = counts.stream().mapToLong(RejectionLog.Count::count).max().orElse(1);
        return 100.0 * count / Math.max(1, most);
    }
}
