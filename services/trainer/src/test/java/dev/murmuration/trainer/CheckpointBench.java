package dev.murmuration.trainer;

import static dev.murmuration.trainer.Bench.line;

import dev.murmuration.local.TestPlatform;
import dev.murmuration.stage.WorkFolder;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreSettings;
import dev.murmuration.student.Precision;
import dev.murmuration.student.pixels.Resize;
import dev.murmuration.trainer.checkpoint.CheckpointArchive;
import dev.murmuration.trainer.run.LoaderBench;
import dev.murmuration.trainer.run.Plan;
import dev.murmuration.trainer.run.TrainingRun;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a stop has to wait for: from the student in libtorch's memory to the object in the store. */
final class CheckpointBench {

    private static final int ROUNDS = 3;
    private static final int PIECE = 1 << 20;

    private CheckpointBench() {}

    static void checkpoint() throws IOException {
        ObjectStore store = new ObjectStore(new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(StoreSettings.class)
                .withSources(new PropertiesConfigSource(TestPlatform.settings().forServices(), "platform", 100))
                .withMappingIgnore("**")
                .build()
                .getConfigMapping(StoreSettings.class));
        Plan plan = LoaderBench.plan("vit-b-32-224", Resize.PILLOW_BILINEAR, false);
        line("%n%-62s %8s %8s %8s", "a checkpoint of vit-b-32-224", "MB", "s", "MB/s");
        Path folder = Files.createTempDirectory("murmuration-bench-");
        try (TrainingRun run = new TrainingRun(plan, StepBench.training(plan.architecture(), Precision.FP32, true))) {
            for (int i = 0; i < ROUNDS; i++) {
                Path parts = Files.createDirectory(folder.resolve("checkpoint"));
                long begin = System.nanoTime();
                CheckpointArchive.Written written = CheckpointArchive.write(parts, run, Optional.empty());
                long isWritten = System.nanoTime();
                String key = "checkpoints/bench/%d-%s.tar".formatted(i, written.sha256());
                store.putIfAbsent(key, written.tar(), written.sha256(), "application/x-tar");
                long isStored = System.nanoTime();
                long bytes = Files.size(written.tar());
                row("plain file of as many bytes", bytes, plain(parts.resolve("plain"), bytes));
                row("tar and its SHA-256", bytes, isWritten - begin);
                row("put into the local platform's object store", bytes, isStored - isWritten);
                row("both", bytes, isStored - begin);
                store.delete(key);
                WorkFolder.delete(parts);
            }
        } finally {
            WorkFolder.delete(folder);
        }
    }

    private static long plain(Path file, long bytes) throws IOException {
        byte[] piece = new byte[PIECE];
        long begin = System.nanoTime();
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long left = bytes; left > 0; left -= PIECE) {
                out.write(piece, 0, (int) Math.min(left, PIECE));
            }
        }
        return System.nanoTime() - begin;
    }

    private static void row(String what, long bytes, long nanos) {
        line("%-62s %,8.0f %8.1f %8.0f", what, bytes / 1e6, nanos / 1e9, bytes * 1e3 / nanos);
    }
}
