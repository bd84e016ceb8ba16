package dev.murmuration.trainer;

import ai.djl.Device;
import dev.murmuration.programs.Torch;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.signing.SignatureException;
import dev.murmuration.signing.SigningKey;
import dev.murmuration.stage.GpuSettings;
import dev.murmuration.stage.GpuUse;
import dev.murmuration.stage.WorkFolder;
import dev.murmuration.stage.commit.Heartbeat;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.settings.SettingProblems;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.student.Optimizer;
import dev.murmuration.student.StudentFolder;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.ConvNet;
import dev.murmuration.student.network.EfficientNet;
import dev.murmuration.student.network.Network;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import dev.murmuration.trainer.checkpoint.CheckpointStore;
import dev.murmuration.trainer.checkpoint.RunFactory;
import dev.murmuration.trainer.data.ShardDecoder;
import dev.murmuration.trainer.data.ShardSource;
import dev.murmuration.trainer.run.Augmentation;
import dev.murmuration.trainer.run.Plan;
import dev.murmuration.trainer.run.Recipe;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.eclipse.microprofile.health.Liveness;

/** Makes the parts of the trainer from its settings, and rejects files that cannot be used by the name and value of their setting. */
@ApplicationScoped
class TrainerFactory {

    private static final String PREFIX = "trainer.";

    private final TrainerSettings settings;
    private final ObjectStore store;
    private final GpuSettings gpu;
    private final GpuUse gpuUse;

    @Inject
    TrainerFactory(TrainerSettings settings, ObjectStore store, GpuSettings gpu, GpuUse gpuUse) {
        this.settings = settings;
        this.store = store;
        this.gpu = gpu;
        this.gpuUse = gpuUse;
    }

    /** Not alive when there is something to learn and no step is made. */
    @Produces
    @Singleton
    @Liveness
    static Heartbeat heartbeat(TrainerSettings settings) {
        return new Heartbeat("training", settings.stuckAfter(), Clock.systemUTC());
    }

    /** The plan of the run. */
    Plan plan() {
        Network architecture = architecture();
        Recipe recipe = recipe();
        return new Plan(
                settings.run(),
                settings.dataset(),
                architecture,
                pixels(architecture, settings.resize()),
                recipe,
                settings.seed(),
                settings.batch(),
                settings.stream().replay(),
                settings.stream().passes(),
                reservoir(recipe.noise().keptSide(architecture.side())),
                settings.validation().samples());
    }

    private Pixels pixels(Network architecture, Resize resize) {
        return switch (architecture) {
            case ConvNet net ->
                settings.initFrom().map(weights -> shownTo(weights, net)).orElseGet(net::form);
            case EfficientNet net -> net.form();
            case Architecture vit ->
                vit.name().startsWith("vit-b-32") && settings.recipe() == TrainerSettings.RecipeName.PAPER
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
        Network named = Network.named(settings.architecture());
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
        long bytes = settings.stream().aheadBytes();
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
                switch (settings.recipe()) {
                    case DISTIL -> Recipe.distil();
                    case PAPER -> Recipe.paper();
                };
        Optimizer optimizer = preset.optimizer();
        return new Recipe(
                preset.name(),
                preset.soft(),
                preset.smoothing(),
                settings.balanced().orElse(preset.balanced()),
                settings.temperature().orElse(preset.temperature()),
                noise(preset.noise()),
                settings.parts(),
                settings.learningRate().orElse(preset.learningRate()),
                settings.warmupSamples().orElse(preset.warmupSamples()),
                preset.cosine(),
                settings.headFirstSamples(),
                headEpochs(preset),
                settings.averageDecay().orElse(preset.averageDecay()),
                new Optimizer(
                        optimizer.rectified(),
                        settings.maxNorm().orElse(optimizer.maxNorm()),
                        optimizer.beta1(),
                        optimizer.beta2(),
                        optimizer.epsilon(),
                        settings.weightDecay().orElse(optimizer.weightDecay()),
                        settings.layerDecay().orElse(optimizer.layerDecay())));
    }

    private Augmentation noise(Augmentation preset) {
        return new Augmentation(
                settings.mirror().orElse(preset.mirror()),
                settings.crop().orElse(preset.crop()),
                settings.mixup().orElse(preset.mixup()),
                settings.dropout().orElse(preset.dropout()),
                settings.dropPath().orElse(preset.dropPath()));
    }

    // As published: the head alone for an epoch, where there is something below it that knows photos already.
    private int headEpochs(Recipe preset) {
        boolean published = preset.name().equals("paper") && settings.initFrom().isPresent();
        return settings.epochs().headFirst().orElse(published ? 1 : 0);
    }

    /** Whether the stream is followed or a data set passed over. */
    Mode mode() {
        return Mode.named(settings.mode());
    }

    int epochs() {
        return settings.epochs().count();
    }

    /** The run's checkpoints. */
    CheckpointStore checkpoints(Plan plan, WorkFolder work, List<Checkpoint> past) {
        return new CheckpointStore(
                store, work, plan, Clock.systemUTC(), settings.checkpoint().keep(), signingKey(), past);
    }

    private Optional<SigningKey> signingKey() {
        return settings.signingKey().map(file -> {
            try {
                return SigningKey.read(file);
            } catch (IOException | SignatureException e) {
                throw new SettingException(PREFIX + "signing-key", file, "cannot be used: " + e.getMessage());
            }
        });
    }

    /**
     * Makes once what depends on files and on several settings: the values themselves were checked when they were read.
     *
     * @throws SettingException with all that are wrong
     */
    void check() {
        if (gpu.tf32()) {
            Torch.allowTf32();
        }
        SettingProblems problems = new SettingProblems();
        problems.attempt(this::plan).ifPresent(plan -> problems.attempt(() -> window(plan)));
        problems.attempt(this::signingKey);
        problems.throwIfAny();
    }

    private Device device() {
        try {
            Device device = Torch.device(settings.device());
            gpuUse.report(PREFIX + "device", settings.device(), device.isGpu());
            return device;
        } catch (IllegalArgumentException e) {
            throw new SettingException(PREFIX + "device", settings.device(), String.valueOf(e.getMessage()));
        }
    }

    /** What tells how many bytes of the GPU are in use; nothing on a CPU. Loads libtorch. */
    Optional<LongSupplier> gpuMemory() {
        Device device = device();
        return Torch.memoryInUse(device).isPresent()
                ? Optional.of(() -> Torch.memoryInUse(device).orElse(0))
                : Optional.empty();
    }

    /**
     * Called on each thread that computes: OpenMP's count belongs to the thread, and a run is repeatable only with the same one.
     * Loads libtorch.
     */
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
                plan, device(), settings.precision(), settings.initFrom(), settings.newHead(), store, shards, work);
    }

    /** What reads shards, until it is told that the process is stopping. */
    ShardSource shards(Plan plan, WorkFolder work, BooleanSupplier stopping) {
        return new ShardSource(
                store,
                new ShardDecoder(plan.pixels(), plan.keptSide(), settings.maxPhotoBytes(), settings.maxShardSamples()),
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
}
