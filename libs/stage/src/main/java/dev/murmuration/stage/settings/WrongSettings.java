package dev.murmuration.stage.settings;

import io.smallrye.config.ConfigValidationException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Words for wrong settings, whether a check of ours found them or SmallRye Config could not convert them. */
public final class WrongSettings {

    private static final Pattern UNCONVERTED = Pattern.compile(
            "The config property (\\S+) with the config value \"(.*)\" threw an Exception whilst being"
                    + " converted (.*)",
            Pattern.DOTALL);
    private static final Pattern NOT_IN_ENUM =
            Pattern.compile("Cannot convert .* to enum class \\S+, allowed values: (.*)", Pattern.DOTALL);

    private WrongSettings() {}

    /** What this exception says about settings, each as {@code NAME = VALUE: what is allowed}. Empty if it is about something else. */
    public static List<String> in(Throwable failure) {
        return switch (failure) {
            case SettingException wrong -> wrong.problems();
            case ConfigValidationException invalid ->
                IntStream.range(0, invalid.getProblemCount())
                        .mapToObj(i -> plain(invalid.getProblem(i).getMessage()))
                        .toList();
            default -> List.of();
        };
    }

    /** Without the class names and message numbers that SmallRye puts before and between its words. */
    private static String plain(String problem) {
        String words = problem.replaceAll("(java\\.[\\w.]+: |SRCFG\\d+: ?)", "");
        Matcher unconverted = UNCONVERTED.matcher(words);
        if (unconverted.matches()) {
            Matcher choice = NOT_IN_ENUM.matcher(unconverted.group(3));
            words = "%s = %s: %s"
                    .formatted(
                            unconverted.group(1),
                            unconverted.group(2),
                            choice.matches() ? "must be one of " + inOrder(choice.group(1)) : unconverted.group(3));
        }
        return words + RenamedSettings.hint(words);
    }

    private static String inOrder(String choices) {
        return Arrays.stream(choices.split(", ?", -1)).sorted().collect(Collectors.joining(", "));
    }
}
