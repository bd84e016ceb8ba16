package dev.murmuration.stage.settings;

import java.util.List;

/** Thrown for wrong settings. It ends the start, and its message has a line for each of them that the operator reads. */
public final class SettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String[] problems;

    /**
     * Names the setting, what it is set to and what would be right.
     *
     * @param setting its full name, for example {@code filter.datasets.flat.threshold.positive}
     * @param value as it was given; leave secrets out
     * @param problem what is wrong and what is allowed, for example "must be at least 0 and less than 1"
     */
    public SettingException(String setting, Object value, String problem) {
        this(List.of("%s = %s: %s".formatted(setting, value, problem)));
    }

    private SettingException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = problems.toArray(String[]::new);
    }

    /** One exception that says everything that is wrong, so that a start does not fail once per setting. */
    public static SettingException all(List<SettingException> wrong) {
        return new SettingException(
                wrong.stream().flatMap(e -> e.problems().stream()).toList());
    }

    /** With problems that are worded already. */
    public static SettingException of(List<String> problems) {
        return new SettingException(problems);
    }

    /** Each wrong setting as {@code NAME = VALUE: what is allowed}. */
    public List<String> problems() {
        return List.of(problems);
    }
}
