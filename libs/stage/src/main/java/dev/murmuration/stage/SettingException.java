package dev.murmuration.stage;

/** A setting is wrong. Stops the start; its message is the one line that the operator reads. */
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
        super("%s = %s: %s".formatted(setting, value, problem));
    }
}
