package dev.murmuration.teacher.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The teachers that come with this service. */
public enum Bundled {
    /** MiniLM-L6 (Wang et al. 2020), fine-tuned on tweets by {@code tools/finetune_teacher.py}. */
    MINILM("bundled", "bundled-teacher", "murmuration-minilm-l6"),
    /** A linear classifier over hashed n-grams: less right, and much faster. */
    NGRAMS("bundled-fast", "bundled-fast-teacher", "murmuration-hashed-ngrams");

    private final String setting;
    private final String folder;
    private final String model;

    Bundled(String setting, String folder, String model) {
        this.setting = setting;
        this.folder = folder;
        this.model = model;
    }

    /** The one that a value of {@code teacher.model} names, if it names one of these. */
    public static Optional<Bundled> of(String setting) {
        return Arrays.stream(values())
                .filter(bundled -> bundled.setting.equals(setting))
                .findFirst();
    }

    /** The value of {@code teacher.model} that asks for it. */
    public String setting() {
        return setting;
    }

    /** The folder of its files on the class path. */
    String folder() {
        return folder;
    }

    /** Its name in events. */
    String model() {
        return model;
    }

    /** Its files. */
    List<String> files() {
        return this == NGRAMS
                ? List.of("config.json", "model.safetensors")
                : List.of("config.json", "tokenizer.json", "model.safetensors");
    }
}
