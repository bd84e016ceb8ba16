package dev.murmuration.teacher;

import dev.murmuration.stage.ObjectStore;
import dev.murmuration.stage.SettingException;
import dev.murmuration.teacher.model.Hub;
import dev.murmuration.teacher.model.Inference;
import dev.murmuration.teacher.model.ModelException;
import dev.murmuration.teacher.model.ModelSources;
import dev.murmuration.teacher.score.LoadedModel;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The settings, each within its limits. */
record CheckedSettings(TeacherSettings settings) {

    private static final int LEAST_EVENT_BYTES = 1024;
    private static final int MOST_THREADS = 256;
    private static final int MOST_BATCH_TOKENS = 1 << 20;

    /** @throws SettingException if one is out of its limits */
    static CheckedSettings of(TeacherSettings settings) {
        within("teacher.max-text-chars", settings.maxTextChars(), 1, 1 << 20);
        within("teacher.max-event-bytes", settings.maxEventBytes(), LEAST_EVENT_BYTES, 16 << 20);
        within("teacher.threads", settings.threads(), 1, MOST_THREADS);
        within("teacher.batch-records", settings.batchRecords(), 1, 1 << 16);
        within("teacher.batch-tokens", settings.batchTokens(), 1, MOST_BATCH_TOKENS);
        within("teacher.window-texts", settings.windowTexts(), 1, 1 << 16);
        within("teacher.hub-max-bytes", settings.hubMaxBytes(), 1, Long.MAX_VALUE);
        within("teacher.hub-patience in milliseconds", settings.hubPatience().toMillis(), 1, Integer.MAX_VALUE);
        String scheme = String.valueOf(settings.hubUrl().getScheme());
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new SettingException("teacher.hub-url", settings.hubUrl(), "must begin with https:// or http://");
        }
        return new CheckedSettings(settings);
    }

    /**
     * Loads the model.
     *
     * @param store asked for if the model lies in the object store
     * @param progress takes a line now and then while it is fetched
     * @throws SettingException if the model cannot be used
     */
    LoadedModel load(Supplier<ObjectStore> store, Consumer<String> progress) {
        Hub hub = new Hub(
                settings.hubUrl(),
                Path.of(settings.cacheFolder()).toAbsolutePath(),
                settings.hubMaxBytes(),
                settings.hubPatience(),
                progress);
        Inference inference =
                new Inference(settings.device(), settings.precision(), settings.batchTokens(), settings.windowTexts());
        try {
            return LoadedModel.load(settings.model(), new ModelSources(hub, store), inference, settings.labels());
        } catch (ModelException e) {
            throw new SettingException("teacher.model", settings.model(), e.problem());
        }
    }

    private static void within(String setting, long value, long least, long most) {
        if (value < least || value > most) {
            throw new SettingException(setting, value, "must be %d to %d".formatted(least, most));
        }
    }
}
