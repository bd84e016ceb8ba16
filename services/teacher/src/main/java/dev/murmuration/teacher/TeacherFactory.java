package dev.murmuration.teacher;

import ai.djl.Device;
import dev.murmuration.programs.Torch;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.teacher.model.Hub;
import dev.murmuration.teacher.model.Inference;
import dev.murmuration.teacher.model.ModelException;
import dev.murmuration.teacher.model.ModelSources;
import dev.murmuration.teacher.score.LoadedModel;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Makes the parts of the teacher from its settings, whose values were checked when they were read. */
record TeacherFactory(TeacherSettings settings) {

    /**
     * Returns where a transformer is to run. Loads libtorch.
     *
     * @throws SettingException if it cannot run there
     */
    Device device() {
        try {
            return Torch.device(settings.device());
        } catch (IllegalArgumentException e) {
            throw new SettingException("teacher.device", settings.device(), String.valueOf(e.getMessage()));
        }
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
                settings.hubTimeout(),
                progress);
        Inference inference =
                new Inference(settings.device(), settings.precision(), settings.batchTokens(), settings.windowTexts());
        try {
            return LoadedModel.load(settings.model(), new ModelSources(hub, store), inference, settings.labels());
        } catch (ModelException e) {
            throw new SettingException("teacher.model", settings.model(), e.problem());
        }
    }
}
