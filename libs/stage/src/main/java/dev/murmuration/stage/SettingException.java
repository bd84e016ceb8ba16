package dev.murmuration.stage;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown for a wrong setting. It ends the start, and its message is the line that the operator reads. */
public final class SettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the setting, what it is set to and what would be right.
     *
     * @param setting its full name, for example {@code filter.datasets.flat.threshold.positive}
     * @param value as it was given; leave secrets out
     * @param problem what is wrong and what is allowed, for example "must be at least 0 and less than 1"
     */
    public SettingException(String setting, Object value, String problem) {
        this("%s = %s: %s".formatted(setting, value, problem));
    }

    private SettingException(String message) {
        super(message);
    }

    /** One exception that says everything that is wrong, so that a start does not fail once per setting. */
    public static SettingException all(List<SettingException> problems) {
        return new SettingException(problems.stream().map(Throwable::getMessage).collect(Collectors.joining("; ")));
    }
}
