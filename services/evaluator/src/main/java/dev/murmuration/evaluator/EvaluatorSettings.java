package dev.murmuration.evaluator;

import dev.murmuration.evaluator.benchmark.LabelScheme;
import dev.murmuration.evaluator.measure.Protocol;
import dev.murmuration.stage.settings.CheckedBy;
import dev.murmuration.student.Precision;
import dev.murmuration.student.pixels.Pixels;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is measured, how, and within which limits. */
@ConfigMapping(prefix = "evaluator")
@CheckedBy(EvaluatorRules.class)
public interface EvaluatorSettings {

    /**
     * Benchmarks by name (under {@code benchmarks/} in the object store) or by folder (with a slash); by default every one that
     * the store has.
     */
    Optional<List<String>> benchmarks();

    /** What the numbers in an index mean, by benchmark name: two, three or auto (the default for the others). */
    Map<String, LabelScheme> labels();

    /** Protocols to measure by; a protocol that says nothing about a benchmark is left out there. */
    @WithDefault("zero-shot,three-way")
    List<Protocol> protocols();

    /** What the student computes in: fp32, bf16, or auto: bf16 on a GPU, fp32 on a processor. */
    @WithDefault("auto")
    Precision precision();

    /** Where the student runs: cpu, gpu, gpu1, ..., or auto. */
    @WithDefault("auto")
    @Pattern(regexp = "(?i)auto|cpu|gpu\\d{0,3}", message = "must be cpu, gpu, gpu<number> or auto")
    String device();

    /** Threads that decode photos, and that libtorch computes on; 0: as many as there are cores. */
    @WithDefault("0")
    int threads();

    /** Photos that are shown to the student at once. */
    @WithDefault("32")
    @Min(1)
    int batch();

    /** Rows of an index at most. */
    @WithDefault("1000000")
    @Min(1)
    int maxRows();

    /** Size of an index at most, in bytes. */
    @WithDefault("67108864")
    @Min(1)
    @Max(Integer.MAX_VALUE - 16)
    long maxIndexBytes();

    /** Size of one photo's file at most, in bytes. */
    @WithDefault("20971520")
    @Min(1)
    @Max(Integer.MAX_VALUE - 16)
    long maxPhotoBytes();

    /** Pixels of benchmarks that are kept ready for the next checkpoint at most, in bytes; what does not fit is decoded again. */
    @WithDefault("268435456")
    long pixelCacheBytes();

    /**
     * Where published students lie under their names, {@code NAME.h5}, {@code NAME.pth} and the like or a folder {@code NAME},
     * for the commands and for the name that is served.
     */
    @WithDefault("models")
    Path modelFolder();

    /** Files in a checkpoint's model at most. */
    @WithDefault("64")
    @Min(1)
    int maxModelFiles();

    /** Bytes of a checkpoint's model at most. */
    @WithDefault("8589934592")
    long maxModelBytes();

    /** Whether results are kept in the object store by checkpoint, benchmark and protocol, so that nothing is measured twice. */
    @WithDefault("true")
    boolean keepResults();

    /** Where checkpoints lie while they are measured. Emptied at the start, so it belongs to one instance. */
    @WithDefault("${java.io.tmpdir}/murmuration/${instance.name}")
    Path workFolder();

    /** Not alive when a checkpoint is being measured and no photo was for this long. */
    @WithDefault("10m")
    Duration stuckAfter();

    /** The student that answers requests. */
    Serve serve();

    /** {@code POST /predict} and {@code POST /sentiment-map}. */
    interface Serve {

        /** Whether requests are answered at all. */
        @WithDefault("true")
        boolean enabled();

        /** Which student: as the commands' MODEL. */
        @WithDefault("latest")
        String model();

        /** How often it is looked whether that name means another student by now. */
        @WithDefault("1m")
        Duration refresh();

        /** Photos of one request at most. */
        @WithDefault("64")
        @Min(1)
        int maxImages();

        /** Pixels of a photo at most; its header is asked before it is decoded. */
        @WithDefault("40000000")
        @Min(1)
        @Max(Pixels.MAX_PIXELS)
        long maxPixels();

        /** Side of a photo at least, in pixels. */
        @WithDefault("32")
        @Min(1)
        int minSide();

        /**
         * Threads that decode; each may hold a photo of the largest size. Up to as many again run while photos take longer than a second.
         */
        @WithDefault("2")
        @Min(1)
        int decoders();

        /** Photos that wait at most, over all requests; what comes then is told to come again. */
        @WithDefault("256")
        int queue();

        /** Maps that are drawn at once at most. */
        @WithDefault("1")
        @Min(1)
        int maps();

        /** How long a request waits for its answer at most; less than {@code quarkus.http.idle-timeout}. */
        @WithDefault("45s")
        Duration timeout();
    }
}
