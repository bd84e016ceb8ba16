package dev.murmuration.local.process;

import java.util.List;
import java.util.Optional;

/** Why a program ended, from the last lines of its log. */
final class LastWords {

    private LastWords() {}

    /**
     * The last line that starts with the program's name; if that is a wrong setting, with those directly before it that are wrong
     * settings too. Without such a line, the innermost exception of the trace.
     */
    static Optional<String> of(String program, List<String> lines) {
        String prefix = program + ": ";
        List<String> told = lines.reversed().stream()
                .dropWhile(line -> !line.startsWith(prefix))
                .takeWhile(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()).strip())
                .toList();
        if (told.isEmpty()) {
            return lines.reversed().stream()
                    .filter(line -> line.contains("Exception: "))
                    .findFirst()
                    .map(String::strip);
        }
        List<String> wrong = told.stream()
                .takeWhile(words -> words.startsWith("wrong setting: "))
                .toList();
        return Optional.of(wrong.isEmpty() ? told.getFirst() : String.join("; ", wrong.reversed()));
    }
}
