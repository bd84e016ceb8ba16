package dev.murmuration.teacher.score;

import dev.murmuration.teacher.hashed.HashedTextModel;
import dev.murmuration.teacher.model.Bundled;
import dev.murmuration.teacher.model.Inference;
import dev.murmuration.teacher.model.ModelException;
import dev.murmuration.teacher.model.ModelFolder;
import dev.murmuration.teacher.model.ModelSources;
import dev.murmuration.teacher.model.TextModel;
import dev.murmuration.teacher.transformer.TransformerTextModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model and the temporary files that it may need while it runs.
 *
 * @param model the model
 * @param temporary a folder to remove with it
 */
public record LoadedModel(TextModel model, @Nullable Path temporary) implements AutoCloseable {

    /**
     * Loads the model that a setting names.
     *
     * @param source one that is {@link Bundled}, or one of {@link ModelSources#open}
     * @param sources where it may come from
     * @param inference how it is run if it is a transformer
     * @throws ModelException if it cannot be used
     */
    public static LoadedModel load(String source, ModelSources sources, Inference inference) {
        return load(source, sources, inference, Optional.empty());
    }

    /**
     * Loads the model that a setting names.
     *
     * @param labels the classes of a model's outputs, in their order, where its own names do not say
     */
    public static LoadedModel load(
            String source, ModelSources sources, Inference inference, Optional<List<String>> labels) {
        Optional<Bundled> bundled = Bundled.of(source);
        if (bundled.isEmpty()) {
            ModelFolder folder = sources.open(source);
            return new LoadedModel(model(labels.map(folder::labelled).orElse(folder), inference), null);
        }
        try {
            Path temporary = Files.createTempDirectory("murmuration-teacher-");
            return new LoadedModel(model(ModelFolder.bundled(bundled.get(), temporary), inference), temporary);
        } catch (IOException e) {
            throw new UncheckedIOException("the bundled teacher cannot be unpacked: " + e.getMessage(), e);
        }
    }

    private static TextModel model(ModelFolder folder, Inference inference) {
        String type = folder.type();
        if (type.equals(HashedTextModel.TYPE)) {
            return HashedTextModel.load(folder);
        }
        if (TransformerTextModel.TYPES.contains(type)) {
            return TransformerTextModel.load(folder, inference);
        }
        throw new ModelException(
                folder.origin(),
                "config.json says model_type = %s; this teacher runs bert, distilbert, roberta, xlm-roberta and %s"
                        .formatted(type, HashedTextModel.TYPE));
    }

    @Override
    public void close() {
        model.close();
        if (temporary != null) {
            try {
                ModelFolder.remove(temporary);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
