package dev.murmuration.stage.settings;

/**
 * What the annotations of single settings cannot express: how the settings of one prefix depend on each other. Rules look at
 * values only. They run even if single settings are wrong, so they may not rely on those being right.
 *
 * @param <S> the interface of settings that names these rules with {@link CheckedBy}
 */
public interface SettingsRules<S> {

    /** Reports every violation. */
    void check(S settings, SettingProblems problems);
}
