package dev.murmuration.teacher;

import dev.murmuration.stage.SettingException;

/** The settings, each within its limits. */
record CheckedSettings(String model, int maxTextChars, int maxEventBytes, int threads) {

    private static final int LEAST_EVENT_BYTES = 1024;
    private static final int MOST_THREADS = 256;

    /** @throws SettingException if one is out of its limits */
    static CheckedSettings of(TeacherSettings settings) {
        within("teacher.max-text-chars", settings.maxTextChars(), 1, 1 << 20);
        within("teacher.max-event-bytes", settings.maxEventBytes(), LEAST_EVENT_BYTES, 16 << 20);
        within("teacher.threads", settings.threads(), 1, MOST_THREADS);
        within("teacher.batch-records", settings.batchRecords(), 1, 1 << 16);
        return new CheckedSettings(
                settings.model(), settings.maxTextChars(), settings.maxEventBytes(), settings.threads());
    }

    /** @throws SettingException if the model cannot be used */
    LoadedModel load() {
        try {
            return LoadedModel.load(model, Inference.DEFAULT);
        } catch (ModelException e) {
            throw new SettingException("teacher.model", model, e.problem());
        }
    }

    private static void within(String setting, int value, int least, int most) {
        if (value < least || value > most) {
            throw new SettingException(setting, value, "must be %d to %d".formatted(least, most));
        }
    }
}
