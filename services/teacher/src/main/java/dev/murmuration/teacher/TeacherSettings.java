package dev.murmuration.teacher;

import dev.murmuration.stage.settings.DurationRange;
import dev.murmuration.teacher.model.Precision;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of the teacher; the README has them in a table. */
@ConfigMapping(prefix = "teacher")
interface TeacherSettings {

    /**
     * Which model: {@code bundled} (a transformer), {@code bundled-fast} (n-grams), a folder in Hugging Face layout,
     * {@code s3://models/name}, or {@code hf://owner/name} with {@code @revision} or without.
     */
    @WithDefault("bundled")
    String model();

    /**
     * The classes of the model's outputs in their order, for example {@code negative,neutral,positive}, where its
     * {@code config.json} does not name them ({@code LABEL_0} to {@code LABEL_2}). Not needed where it does, as negative or NEG,
     * neutral or NEU, positive or POS.
     */
    Optional<List<String>> labels();

    /** How many UTF-16 units of a text are scored; what follows is not read. */
    @WithDefault("4096")
    @Min(1)
    @Max(1 << 20)
    int maxTextChars();

    /**
     * The largest event that is sent with its key, in bytes; a larger one becomes a dead letter. Stay under the topics'
     * {@code max.message.bytes}.
     */
    @WithDefault("1000000")
    @Min(1 << 10)
    @Max(16 << 20)
    int maxEventBytes();

    /** Where a transformer runs: cpu, gpu, gpu1, ..., or auto. */
    @WithDefault("auto")
    @Pattern(regexp = "(?i)auto|cpu|gpu\\d{0,3}", message = "must be cpu, gpu, gpu<number> or auto")
    String device();

    /**
     * In which numbers a transformer computes: fp32, bf16, or auto: bf16 on a GPU, on a processor the faster of both, measured at
     * the start.
     */
    @WithDefault("auto")
    Precision precision();

    /**
     * How many tokens a transformer computes at once at most; a longer text alone is its own batch. By default 2048 on a
     * processor, 65536 on a GPU.
     */
    Optional<@Min(1) @Max(1 << 20) Integer> batchTokens();

    /**
     * How many texts are sorted by length together at most. By default 512 on a processor, 8192 on a GPU; never more than
     * {@code teacher.batch-records}.
     */
    Optional<@Min(1) @Max(1 << 16) Integer> windowTexts();

    /** Where models that were fetched are kept. */
    @WithDefault("${user.home}/.cache/murmuration/models")
    String cacheFolder();

    /** The hub that {@code hf://} asks. */
    @WithDefault("https://huggingface.co")
    @Pattern(regexp = "https?:.*", message = "must start with https:// or http://")
    URI hubUrl();

    /** Largest file that is fetched from the hub, in bytes. */
    @WithDefault("8589934592")
    @Min(1)
    long hubMaxBytes();

    /** How long the hub may take to connect, or go without a byte. */
    @WithDefault("30s")
    @DurationRange(min = 1, max = Integer.MAX_VALUE)
    Duration hubTimeout();

    /** How many threads libtorch uses for one batch. */
    @WithDefault("1")
    @Min(1)
    @Max(256)
    int threads();

    /** How many records are scored and committed together at most. */
    @WithDefault("512")
    @Min(1)
    @Max(1 << 16)
    int batchRecords();
}
