package dev.murmuration.programs;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * libtorch of this process. It is loaded once, from the class path (or from {@code PYTORCH_LIBRARY_PATH}, for images that bring CUDA), and never fetched from
 * the network. Threads and the random state belong to the whole process, so whoever sets them should be its only trainer.
 */
public final class Torch {

    private Torch() {}

    /**
     * libtorch, loaded on the first call.
     *
     * @throws ai.djl.engine.EngineException if it cannot be loaded
     */
    static Engine engine() {
        return Loaded.ENGINE;
    }

    /**
     * Sets how many threads one operator uses. Call it before the first program runs: a thread keeps the number it saw first.
     *
     * @param threads at least 1
     * @throws IllegalArgumentException if there would be no thread
     */
    public static void threads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads = %d: at least 1 is needed".formatted(threads));
        }
        engine();
        if (JniUtils.getNumThreads() != threads) {
            JniUtils.setNumThreads(threads);
        }
    }

    /** How many threads one operator uses. */
    public static int threads() {
        engine();
        return JniUtils.getNumThreads();
    }

    /** Seeds libtorch's random state, which belongs to the process. It can be set but not read back. */
    public static void seed(long seed) {
        engine();
        JniUtils.setSeed(seed);
    }

    /**
     * The device that a setting names.
     *
     * @param choice {@code cpu}, {@code gpu} (the first), {@code gpu1} (the second) or {@code auto}: the first GPU where there is one, else the CPU
     * @throws IllegalArgumentException if it is none of these, or a GPU that this process does not have
     */
    public static Device device(String choice) {
        int gpus = engine().getGpuCount();
        String name = choice.toLowerCase(Locale.ROOT);
        if (name.equals("cpu") || (name.equals("auto") && gpus == 0)) {
            return Device.cpu();
        }
        if (name.equals("auto")) {
            return Device.gpu(0);
        }
        if (!name.matches("gpu\\d{0,3}")) {
            throw new IllegalArgumentException("device '%s': it is cpu, gpu, gpu<number> or auto".formatted(choice));
        }
        int index = name.equals("gpu") ? 0 : Integer.parseInt(name.substring(3));
        if (index >= gpus) {
            throw new IllegalArgumentException("device '%s': libtorch sees %d GPUs here".formatted(choice, gpus));
        }
        return Device.gpu(index);
    }

    /** Bytes in use on a GPU, by whichever process; empty on a CPU, and where CUDA's runtime library cannot be found to ask. */
    public static OptionalLong memoryInUse(Device device) {
        return device.isGpu() && CudaUtils.hasCuda()
                ? OptionalLong.of(CudaUtils.getGpuMemory(device).getUsed())
                : OptionalLong.empty();
    }

    /** Holds the engine, so that the class can be named without loading 450 MB of native code. */
    private static final class Loaded {
        static final Engine ENGINE = load();

        private static Engine load() {
            // DJL would otherwise look for newer native code, models and usage counters on the network.
            setUnlessSet("ai.djl.offline", "true");
            setUnlessSet("OPT_OUT_TRACKING", "true");
            return Engine.getEngine("PyTorch");
        }

        private static void setUnlessSet(String property, String value) {
            if (System.getProperty(property) == null) {
                System.setProperty(property, value);
            }
        }
    }
}
