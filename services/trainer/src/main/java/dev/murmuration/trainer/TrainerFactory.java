package dev.murmuration.trainer;

import ai.djl.Device;
import dev.murmuration.programs.Torch;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.stage.ObjectStore;
import dev.murmuration.stage.SettingException;
import dev.murmuration.stage.WorkFolder;
import dev.murmuration.student.Architecture;
import dev.murmuration.student.ConvNet;
import dev.murmuration.student.EfficientNet;
import dev.murmuration.student.Network;
import dev.murmuration.student.Optimizer;
import dev.murmuration.student.Pixels;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Resize;
import dev.murmuration.student.StudentFolder;
import dev.murmuration.trainer.checkpoint.CheckpointStore;
import dev.murmuration.trainer.checkpoint.RunFactory;
import dev.murmuration.trainer.data.ShardDecoder;
import dev.murmuration.trainer.data.ShardSource;
import dev.murmuration.trainer.run.Augmentation;
import dev.murmuration.trainer.run.Plan;
import dev.murmuration.trainer.run.Recipe;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Makes the parts of the trainer from its settings, and rejects wrong ones by name and value. */
@ApplicationScoped
class TrainerFactory {

    private static final String PREFIX = "trainer.";

    private final TrainerSettings settings;
    private final ObjectStore store;

    @Inject
    TrainerFactory(TrainerSettings settings, ObjectStore store) {
        this.settings = settings;
        this.store = store;
    }

    /** The plan of the run. */
    Plan plan() {
        Network architecture = architecture();
        Recipe recipe = recipe();
        Resize resize = read("resize", settings.resize(), Resize::named);
        return new Plan(
                matching("run", settings.run()),
                matching("dataset", settings.dataset()),
                architecture,
                pixels(architecture, resize),
                recipe,
                settings.seed(),
                atLeast("batch", settings.batch(), 1),
                atLeast("stream.replay", settings.stream().replay(), 0),
                atLeast("stream.passes", settings.stream().passes(), 1),
                reservoir(recipe.noise().keptSide(architecture.side())),
                atLeast("validation.samples", settings.validation().samples(), 0));
    }

    private Pixels pixels(Network architecture, Resize resize) {
        return switch (architecture) {
            case ConvNet net ->
                settings.initFrom().map(weights -> shownTo(weights, net)).orElseGet(net::form);
            case EfficientNet net -> net.form();
            case Architecture vit ->
                vit.name().startsWith("vit-b-32") && settings.recipe().equals("paper")
                        ? Pixels.positive(vit.side(), resize)
                        : Pixels.symmetric(vit.side(), resize);
        };
    }

    // A mean.binaryproto beside the weights, or a description, belongs to them.
    private static Pixels shownTo(Path weights, ConvNet net) {
        try {
            return StudentFolder.toBeginFrom(weights, net).pixels();
        } catch (IOException e) {
            throw new SettingException(PREFIX + "init-from", weights, "is not such a network: " + e.getMessage());
        }
    }

    // The epsilon of the layer norms and the head's activation belong to the weights.
    private Network architecture() {
        Network named = read("architecture", settings.architecture(), Network::named);
        if (settings.initFrom().isEmpty() || !(named instanceof Architecture vit)) {
            return named;
        }
        try {
            return vit.beginningFrom(StudentFolder.shape(settings.initFrom().get()));
        } catch (IOException e) {
            throw new SettingException(
                    PREFIX + "init-from", settings.initFrom().get(), "is not a ViT: " + e.getMessage());
        }
    }

    private int reservoir(int keptSide) {
        return samples("stream.reservoir-bytes", settings.stream().reservoirBytes(), keptSide);
    }

    /** Samples that are shuffled together where a data set is passed over. */
    int window(Plan plan) {
        return samples("epochs.window-bytes", settings.epochs().windowBytes(), plan.keptSide());
    }

    /** Samples of a shard that is fetched while another one is learned. */
    int samplesAhead(Plan plan) {
        long bytes = atLeast("stream.ahead-bytes", settings.stream().aheadBytes(), 0);
        return (int) Math.min(bytes / (3L * plan.keptSide() * plan.keptSide()), Integer.MAX_VALUE);
    }

    private int samples(String setting, long bytes, int keptSide) {
        long each = 3L * keptSide * keptSide;
        long samples = bytes / each;
        if (samples < settings.batch()) {
            throw new SettingException(
                    PREFIX + setting,
                    bytes,
                    "must be enough for a batch of %d photos of %d bytes".formatted(settings.batch(), each));
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
                noise(preset.noise()),
                atLeast("parts", settings.parts(), 1),
                within("learning-rate", settings.learningRate().orElse(preset.learningRate()), 1e-9, 10),
                atLeast("warmup-samples", settings.warmupSamples().orElse(preset.warmupSamples()), 0),
                preset.cosine(),
                atLeast("head-first-samples", settings.headFirstSamples(), 0),
                headEpochs(preset),
                within("average-decay", settings.averageDecay().orElse(preset.averageDecay()), 0, .999999),
                new Optimizer(
                        optimizer.rectified(),
                        maxNorm,
                        optimizer.beta1(),
                        optimizer.beta2(),
                        optimizer.epsilon(),
                        within("weight-decay", decay, 0, 10),
                        within("layer-decay", settings.layerDecay().orElse(optimizer.layerDecay()), .01, 1)));
    }

    private Augmentation noise(Augmentation preset) {
        return new Augmentation(
                settings.mirror().orElse(preset.mirror()),
                within("crop", settings.crop().orElse(preset.crop()), .01, 1),
                within("mixup", settings.mixup().orElse(preset.mixup()), 0, 100),
                within("dropout", settings.dropout().orElse(preset.dropout()), 0, .9),
                within("drop-path", settings.dropPath().orElse(preset.dropPath()), 0, .9));
    }

    // As published: the head alone for an epoch, where there is something below it that knows photos already.
    private int headEpochs(Recipe preset) {
        boolean published = preset.name().equals("paper") && settings.initFrom().isPresent();
        return atLeast("epochs.head-first", settings.epochs().headFirst().orElse(published ? 1 : 0), 0);
    }

    /** Whether the stream is followed or a data set passed over. */
    Mode mode() {
        return read("mode", settings.mode(), Mode::named);
    }

    int epochs() {
        return atLeast("epochs.count", settings.epochs().count(), 1);
    }

    /** The run's checkpoints. */
    CheckpointStore checkpoints(Plan plan, WorkFolder work, List<Checkpoint> past) {
        return new CheckpointStore(
                store,
                work,
                plan,
                Clock.systemUTC(),
                atLeast("checkpoint.keep", settings.checkpoint().keep(), 1),
                past);
    }

    /** Checks every setting. */
    void check() {
        settings.begin().ifPresent(weights -> {
            throw new SettingException(PREFIX + "begin", weights, "is called trainer.init-from now");
        });
        Plan plan = plan();
        window(plan);
        samplesAhead(plan);
        mode();
        epochs();
        precision();
        atLeast("checkpoint.keep", settings.checkpoint().keep(), 1);
        atLeast("threads", settings.threads(), 0);
        atLeast("checkpoint.samples", settings.checkpoint().samples(), 1);
    }

    private Precision precision() {
        return read("precision", settings.precision(), Precision::named);
    }

    private Device device() {
        return read("device", settings.device(), Torch::device);
    }

    /** What tells how many bytes of the GPU are in use; nothing on a CPU. Loads libtorch. */
    Optional<LongSupplier> gpuMemory() {
        Device device = device();
        return Torch.memoryInUse(device).isPresent()
                ? Optional.of(() -> Torch.memoryInUse(device).orElse(0))
                : Optional.empty();
    }

    /** Called on each thread that computes: OpenMP's count belongs to the thread, and a run is repeatable only with the same one. Loads libtorch. */
    void useThreads() {
        Torch.threads(
                settings.threads() > 0
                        ? settings.threads()
                        : Runtime.getRuntime().availableProcessors());
    }

    /** What reads shards and checkpoints. Loads libtorch. */
    RunFactory runs(Plan plan, ShardSource shards, WorkFolder work) {
        useThreads();
        return new RunFactory(
                plan, device(), precision(), settings.initFrom(), settings.newHead(), store, shards, work);
    }

    /** What reads shards, until it is told that the process is stopping. */
    ShardSource shards(Plan plan, WorkFolder work, BooleanSupplier stopping) {
        return new ShardSource(
                store,
                new ShardDecoder(
                        plan.pixels(),
                        plan.keptSide(),
                        atLeast("max-photo-bytes", settings.maxPhotoBytes(), 1),
                        atLeast("max-shard-samples", settings.maxShardSamples(), 1)),
                work,
                stopping);
    }

    /** The work folder, without what a killed predecessor left in it. */
    WorkFolder workFolder() {
        try {
            return new WorkFolder(settings.workFolder());
        } catch (IOException e) {
            throw new SettingException(
                    PREFIX + "work-folder", settings.workFolder(), "cannot be written: " + e.getMessage());
        }
    }

    private static <T> T read(String setting, String value, Function<String, T> reader) {
        try {
            return reader.apply(value);
        } catch (IllegalArgumentException e) {
            throw new SettingException(
                    PREFIX + setting, value, Optional.ofNullable(e.getMessage()).orElse("is invalid"));
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

    private static int atLeast(String setting, int value, int min) {
        return (int) atLeast(setting, (long) value, (long) min);
    }

    private static long atLeast(String setting, long value, long min) {
        if (value < min) {
            throw new SettingException(PREFIX + setting, value, "must be at least %d".formatted(min));
        }
        return value;
    }

    private static double atLeast(String setting, double value, double min) {
        if (!(value >= min)) {
            throw new SettingException(PREFIX + setting, value, "must be at least %s".formatted(min));
        }
        return value;
    }

    private static double within(String setting, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new SettingException(PREFIX + setting, value, "must be from %s to %s".formatted(min, max));
        }
        return value;
    }
}
