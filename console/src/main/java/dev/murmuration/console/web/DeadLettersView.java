package dev.murmuration.console.web;

import dev.murmuration.console.Console;
import dev.murmuration.console.rejection.DeadLetterLog;
import java.util.List;
import java.util.Map;

/**
 * What could not be decoded or processed.
 *
 * @param counts by service
 * @param newest of all services, each service's newest first
 */
public record DeadLettersView(Map<String, Long> counts, List<DeadLetterLog.Letter> newest) {

    static DeadLettersView of(Console console) {
        Map<String, Long> counts = console.deadLetters().counts();
        return new DeadLettersView(
                counts,
                counts.keySet().stream()
                        .flatMap(service -> console.deadLetters().newest(service, DeadLetterLog.MAX_NEWEST).stream())
                        .toList());
    }
}
