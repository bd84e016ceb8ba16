package dev.murmuration.trainer;

import dev.murmuration.stage.settings.CheckedBy;
import dev.murmuration.student.Precision;
import dev.murmuration.student.pixels.Resize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Settings of the trainer. */
@ConfigMapping(prefix = "trainer")
@CheckedBy(TrainerRules.class)
interface TrainerSettings {

    /** Names become keys of the object store and of records. */
    String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

    /** What {@link #NAME} allows. */
    String NAME_WORDS = "must be 1 to 100 letters, digits, dots, dashes or underscores";

    /** The recipes that there are. */
    enum RecipeName {
        /** Soft labels of the teacher. */
        DISTIL,
        /** As published. */
        PAPER
    }

    /**
     * Name of the run: the key of its checkpoints. A run goes on where its last checkpoint was taken; a new name begins anew,
     * from the first shard.
     */
    @WithDefault("student")
    @Pattern(regexp = NAME, message = NAME_WORDS)
    String run();

    /** The data set whose shards are learned. */
    @WithDefault("flat")
    @Pattern(regexp = NAME, message = NAME_WORDS)
    String dataset();

    /**
     * Shape of the student: {@code vit-<ti,s,b,l,demo>-<patch>-<side>[-mean][-dense32]}, {@code vgg19}, {@code hybrid},
     * {@code caffenet}, or {@code efficientnet-lite0[-side]}.
     */
    @WithDefault("vit-demo-16-64")
    String architecture();

    /**
     * What to start from: a ViT of any resolution (a Hugging Face folder, Google's .npz, a .h5 of vit-keras), a network of the
     * predecessors, or a published EfficientNet-Lite0 (.pth). By default an efficientnet-lite0 starts from the weights of
     * ImageNet, every other network from random ones.
     */
    Optional<Path> initFrom();

    /** The former name of {@code init-from}, which is rejected. */
    Optional<String> begin();

    /** Whether the head is random even if the one in {@code init-from} would fit. */
    @WithDefault("false")
    boolean newHead();

    /** Whether shards are learned as they arrive (stream), or those that there are so many times (epochs). */
    // Not an enum, which would accept other spellings: application.properties looks settings up by this one.
    @WithDefault("stream")
    @Pattern(regexp = "stream|epochs", message = "must be stream or epochs")
    String mode();

    /** How it learns: distil or paper. */
    @WithDefault("distil")
    RecipeName recipe();

    /** Where the run's randomness comes from: first weights and the order of samples. */
    @WithDefault("42")
    long seed();

    /** What the student computes in: fp32, bf16, or auto: bf16 on a GPU, fp32 on a processor. */
    @WithDefault("auto")
    Precision precision();

    /** Where it computes: cpu, gpu, gpu1, ..., or auto. */
    @WithDefault("auto")
    @Pattern(regexp = "(?i)auto|cpu|gpu\\d{0,3}", message = "must be cpu, gpu, gpu<number> or auto")
    String device();

    /** Threads that libtorch computes on; 0: as many as there are cores. */
    @WithDefault("0")
    @Min(0)
    int threads();

    /** How photos are squashed: pillow-bilinear or tf-bilinear. */
    @WithDefault("pillow-bilinear")
    Resize resize();

    /** Samples of one step. */
    @WithDefault("64")
    @Min(1)
    int batch();

    /** Learning rate of the head after the warm-up, instead of the recipe's. */
    Optional<@DecimalMin("1e-9") @DecimalMax("10") Double> learningRate();

    /** Samples over which the learning rate rises from 0, instead of the recipe's. */
    Optional<@Min(0) Long> warmupSamples();

    /** Decoupled weight decay, instead of the recipe's. */
    Optional<@DecimalMin("0") @DecimalMax("10") Double> weightDecay();

    /** Temperature of the distillation, instead of the recipe's. */
    Optional<@DecimalMin(".01") @DecimalMax("100") Double> temperature();

    /** Whether photos of a rare class weigh more, n / (classes * n_c), instead of the recipe's. */
    Optional<Boolean> balanced();

    /** Decay of the moving average of the weights, instead of the recipe's. */
    Optional<@DecimalMin("0") @DecimalMax(".999999") Double> averageDecay();

    /** Largest global norm of a gradient, instead of the recipe's. */
    Optional<@DecimalMin(value = "0", inclusive = false) Double> maxNorm();

    /** The learning rate of a layer as a share of that of the layer above it, instead of the recipe's. */
    Optional<@DecimalMin(".01") @DecimalMax("1") Double> layerDecay();

    /** Whether half of the photos are mirrored, instead of the recipe's. */
    Optional<Boolean> mirror();

    /** Least share of a photo's area that is shown, instead of the recipe's; 1: always all of it. */
    Optional<@DecimalMin(".01") @DecimalMax("1") Double> crop();

    /** Alpha of the blending of two photos, instead of the recipe's; 0: none. */
    Optional<@DecimalMin("0") @DecimalMax("100") Double> mixup();

    /** Share of the values inside that are dropped, instead of the recipe's. */
    Optional<@DecimalMin("0") @DecimalMax(".9") Double> dropout();

    /** Share of the images for which the last layer's branches are left out, instead of the recipe's. */
    Optional<@DecimalMin("0") @DecimalMax(".9") Double> dropPath();

    /** A batch is learned in so many parts, whose gradients are gathered. */
    @WithDefault("1")
    @Min(1)
    int parts();

    /** Samples of a stream during which only the head learns. */
    @WithDefault("0")
    @Min(0)
    long headFirstSamples();

    /**
     * Private key (PEM, made by {@code ./murmuration signing-key}) that signs the folder {@code model/} of each checkpoint; its
     * public key is beside it, with {@code .pub} at the end of its name. Without one, checkpoints are not signed.
     */
    Optional<Path> signingKey();

    /** Passing over a data set. */
    Epochs epochs();

    /** Training while the feed runs, and when it ends. */
    Stream stream();

    /** When checkpoints are taken. */
    Checkpoints checkpoint();

    /** Measuring on the validation shards. */
    Validations validation();

    /** Largest photo inside of a shard, in bytes. */
    @WithDefault("20971520")
    @Min(1)
    long maxPhotoBytes();

    /** Samples of one shard at most. */
    @WithDefault("1000000")
    @Min(1)
    int maxShardSamples();

    /** Where shards and checkpoints lie while they are read and written. Emptied at the start, so it belongs to one instance. */
    @WithDefault("${java.io.tmpdir}/murmuration/${instance.name}")
    Path workFolder();

    /**
     * How long a stop waits in all, for a checkpoint that is being made and the gradient in progress; in epochs for the step in
     * progress and its checkpoint.
     */
    @WithDefault("18s")
    Duration stopTimeout();

    /** Not alive when there is something to learn and no step was made for this long. */
    @WithDefault("10m")
    Duration stuckAfter();

    /** How often progress is logged. */
    @WithDefault("10s")
    Duration logInterval();

    /** Passing over a data set. */
    interface Epochs {

        /** How many times. */
        @WithDefault("6")
        @Min(1)
        int count();

        /** For how many of them only the head learns; by default 1 for the recipe paper that begins from a student, else 0. */
        Optional<@Min(0) Integer> headFirst();

        /**
         * A consumer group without members whose position is set behind the newest shard that was learned, at the end of the job:
         * by its lag another job is started.
         */
        Optional<String> group();

        /** Bytes of squashed photos that are shuffled together; as many again are read meanwhile. */
        @WithDefault("268435456")
        long windowBytes();
    }

    /** Training while the feed runs, and when it ends. */
    interface Stream {

        /** Samples seen again for each fresh one while the feed runs. */
        @WithDefault("1")
        @DecimalMin("0")
        double replay();

        /**
         * Samples seen in all for each fresh one when the feed has ended: what is missing is learned then, while the learning
         * rate falls to zero.
         */
        @WithDefault("12")
        @DecimalMin("1")
        double passes();

        /** Bytes of squashed photos that are kept to be seen again. */
        @WithDefault("268435456")
        long reservoirBytes();

        /** The next shard is fetched and decoded while one is learned, unless its squashed photos are more bytes than this. */
        @WithDefault("268435456")
        @Min(0)
        long aheadBytes();
    }

    /** When checkpoints are taken, besides at the end of a feed and on a stop. */
    interface Checkpoints {

        /** After so many samples. */
        @WithDefault("200000")
        @Min(1)
        long samples();

        /** After so long, if anything was learned. */
        @WithDefault("5m")
        Duration interval();

        /** So many of the newest are kept, and the best one on the validation shards. */
        @WithDefault("10")
        @Min(1)
        int keep();
    }

    /** Measuring on the validation shards. */
    interface Validations {

        /** The first so many samples of the validation shards are kept; 0: none. */
        @WithDefault("1000")
        @Min(0)
        int samples();
    }
}
