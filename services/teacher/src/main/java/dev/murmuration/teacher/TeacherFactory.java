package dev.murmuration.teacher;

import dev.murmuration.stage.ObjectStore;
import dev.murmuration.stage.SettingException;
import dev.murmuration.teacher.model.Hub;
import dev.murmuration.teacher.model.Inference;
import dev.murmuration.teacher.model.ModelException;
import dev.murmuration.teacher.model.ModelSources;
import dev.murmuration.teacher.score.LoadedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Makes the parts of the teacher from its settings, each checked against its limits. */
record TeacherFactory(TeacherSettings settings) {

    private static final int MIN_EVENT_BYTES = 1024;
    private static final int MAX_THREADS = 256;
    private static final int MAX_BATCH_TOKENS = 1 << 20;

    /** @throws SettingException if a setting exceeds its limits */
    static TeacherFactory of(TeacherSettings settings) {
        within("teacher.max-text-chars", settings.maxTextChars(), 1, 1 << 20);
        within("teacher.max-event-bytes", settings.maxEventBytes(), MIN_EVENT_BYTES, 16 << 20);
        within("teacher.threads", settings.threads(), 1, MAX_THREADS);
        within("teacher.batch-records", settings.batchRecords(), 1, 1 << 16);
        within("teacher.batch-tokens", settings.batchTokens(), 1, MAX_BATCH_TOKENS);
        within("teacher.window-texts", settings.windowTexts(), 1, 1 << 16);
        within("teacher.hub-max-bytes", settings.hubMaxBytes(), 1, Long.MAX_VALUE);
        Duration patience = settings.hubPatience();
        if (patience.toMillis() < 1 || patience.toMillis() > Integer.MAX_VALUE) {
            throw new SettingException("teacher.hub-patience", patience, "must be from 1 ms to 24 days");
        }
        String scheme = String.valueOf(settings.hubUrl().getScheme());
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new SettingException("teacher.hub-url", settings.hubUrl(), "must start with https:// or http://");
        }
        return new TeacherFactory(settings);
    }

    /**
     * Loads the model.
     *
     * @param store used if the model is in the object store
     * @param progress receives a line now and then while the model is downloaded
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

    private static void within(String setting, long value, long min, long max) {
        if (value < min || value > max) {
            throw new SettingException(setting, value, "must be %d to %d".formatted(min, max));
        }
    }
}
