package dev.murmuration.trainer;

import ai.djl.Device;
import dev.murmuration.stage.ObjectStore;
import dev.murmuration.stage.SettingException;
import dev.murmuration.student.Architecture;
import dev.murmuration.student.Optimizer;
import dev.murmuration.student.Pixels;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Resize;
import dev.murmuration.torch.Torch;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Turns the settings into a plan and what carries it out, and refuses wrong ones with their name and value. */
@ApplicationScoped
class Workshop {

    private static final String PREFIX = "trainer.";

    private final TrainerSettings settings;
    private final ObjectStore store;

    @Inject
    Workshop(TrainerSettings settings, ObjectStore store) {
        this.settings = settings;
        this.store = store;
    }

    /** The plan that the settings describe. */
    Plan plan() {
        Architecture architecture = read("architecture", settings.architecture(), Architecture::named);
        Resize resize = read("resize", settings.resize(), Resize::named);
        boolean positive =
                architecture.name().startsWith("vit-b-32") && settings.recipe().equals("paper");
        Pixels pixels =
                positive ? Pixels.positive(architecture.side(), resize) : Pixels.symmetric(architecture.side(), resize);
        return new Plan(
                matching("run", settings.run()),
                matching("dataset", settings.dataset()),
                architecture,
                pixels,
                recipe(),
                settings.seed(),
                atLeast("batch", settings.batch(), 1),
                atLeast("stream.replay", settings.stream().replay(), 0),
                atLeast("stream.passes", settings.stream().passes(), 1),
                reservoir(architecture),
                atLeast("validation.samples", settings.validation().samples(), 0));
    }

    private int reservoir(Architecture architecture) {
        long bytes = settings.stream().reservoirBytes();
        long samples = bytes / architecture.pixels();
        if (samples < settings.batch()) {
            throw new SettingException(
                    PREFIX + "stream.reservoir-bytes",
                    bytes,
                    "must hold a batch of %d photos of %d bytes".formatted(settings.batch(), architecture.pixels()));
        }
        return (int) Math.min(samples, Integer.MAX_VALUE - 8);
    }

    private Recipe recipe() {
        Recipe preset =
                switch (settings.recipe().toLowerCase(Locale.ROOT)) {
                    case "distil" -> Recipe.distil();
                    case "paper" -> Recipe.paper();
                    default ->
                        throw new SettingException(PREFIX + "recipe", settings.recipe(), "must be distil or paper");
                };
        Optimizer optimizer = preset.optimizer();
        double maxNorm = settings.maxNorm().orElse(optimizer.maxNorm());
        double decay = settings.weightDecay().orElse(optimizer.weightDecay());
        if (!(maxNorm > 0)) {
            throw new SettingException(PREFIX + "max-norm", maxNorm, "must be more than 0");
        }
        if (optimizer.rectified() && decay != 0) {
            throw new SettingException(PREFIX + "weight-decay", decay, "must be 0: RAdam of the recipe paper has none");
        }
        return new Recipe(
                preset.name(),
                preset.soft(),
                preset.smoothing(),
                preset.balanced(),
                within("temperature", settings.temperature().orElse(preset.temperature()), .01, 100),
                preset.mirror(),
                within("learning-rate", settings.learningRate().orElse(preset.learningRate()), 1e-9, 10),
                atLeast("warmup-samples", settings.warmupSamples().orElse(preset.warmupSamples()), 0),
                preset.cosine(),
                preset.headFirst(),
                within("average-decay", settings.averageDecay().orElse(preset.averageDecay()), 0, .999999),
                new Optimizer(
                        optimizer.rectified(),
                        maxNorm,
                        optimizer.beta1(),
                        optimizer.beta2(),
                        optimizer.epsilon(),
                        within("weight-decay", decay, 0, 10),
                        optimizer.layerDecay()));
    }

    /** Looks at what only the machine can tell. */
    void check() {
        plan();
        precision();
        atLeast("threads", settings.threads(), 0);
        atLeast("checkpoint.samples", settings.checkpoint().samples(), 1);
        settings.begin().ifPresent(folder -> {
            if (!folder.resolve("config.json").toFile().isFile()) {
                throw new SettingException(PREFIX + "begin", folder, "has no config.json");
            }
        });
    }

    private Precision precision() {
        return read("precision", settings.precision(), Precision::named);
    }

    private Device device() {
        return read("device", settings.device(), Torch::device);
    }

    /** Called on each thread that computes: OpenMP's count belongs to the thread, and a run is repeatable only with the same one. Loads libtorch. */
    void useThreads() {
        Torch.threads(
                settings.threads() > 0
                        ? settings.threads()
                        : Runtime.getRuntime().availableProcessors());
    }

    /** What reads shards and checkpoints. Loads libtorch. */
    Runs runs(Plan plan, Shards shards, WorkFolder work) {
        useThreads();
        return new Runs(plan, device(), precision(), settings.begin(), store, shards, work);
    }

    Shards shards(Plan plan, WorkFolder work) {
        return new Shards(
                store,
                new ShardTar(
                        plan.pixels(),
                        atLeast("max-photo-bytes", settings.maxPhotoBytes(), 1),
                        atLeast("max-shard-samples", settings.maxShardSamples(), 1)),
                work);
    }

    /** The work folder, emptied. */
    WorkFolder workFolder() {
        try {
            return new WorkFolder(settings.workFolder());
        } catch (IOException unwritable) {
            throw new SettingException(
                    PREFIX + "work-folder", settings.workFolder(), "cannot be written: " + unwritable.getMessage());
        }
    }

    private static <T> T read(String setting, String value, Function<String, T> reader) {
        try {
            return reader.apply(value);
        } catch (IllegalArgumentException wrong) {
            throw new SettingException(
                    PREFIX + setting,
                    value,
                    Optional.ofNullable(wrong.getMessage()).orElse("is wrong"));
        }
    }

    // Names become keys of the object store and of records.
    private static String matching(String setting, String value) {
        if (!value.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
            throw new SettingException(
                    PREFIX + setting, value, "must be 1 to 100 letters, digits, dots, dashes or underscores");
        }
        return value;
    }

    private static int atLeast(String setting, int value, int least) {
        return (int) atLeast(setting, (long) value, (long) least);
    }

    private static long atLeast(String setting, long value, long least) {
        if (value < least) {
            throw new SettingException(PREFIX + setting, value, "must be at least %d".formatted(least));
        }
        return value;
    }

    private static double atLeast(String setting, double value, double least) {
        if (!(value >= least)) {
            throw new SettingException(PREFIX + setting, value, "must be at least %s".formatted(least));
        }
        return value;
    }

    private static double within(String setting, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new SettingException(PREFIX + setting, value, "must be from %s to %s".formatted(least, most));
        }
        return value;
    }
}
