package dev.murmuration.programs;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import ai.djl.util.Utils;
import ai.djl.util.cuda.CudaUtils;
import com.sun.jna.NativeLibrary;
import java.io.File;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * libtorch of this process. It is loaded once, from the class path (or from {@code PYTORCH_LIBRARY_PATH}, for images that bring
 * CUDA), and never fetched from the network. Threads and the random state belong to the whole process, so whoever sets them
 * should be its only trainer.
 */
public final class Torch {

    private static @Nullable Engine engine;

    private Torch() {}

    /**
     * libtorch, loaded on the first call.
     *
     * @throws ai.djl.engine.EngineException if it cannot be loaded
     */
    static synchronized Engine engine() {
        if (engine == null) {
            engine = load();
        }
        return engine;
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

    /**
     * Lets fp32 products take TensorFloat-32 on a GPU. libtorch reads this from the environment when it is loaded, and has no
     * other switch that is not Python's.
     *
     * @throws IllegalStateException if libtorch is loaded already
     */
    public static synchronized void allowTf32() {
        if (engine != null) {
            throw new IllegalStateException("TensorFloat-32 can be allowed only before libtorch is loaded");
        }
        int failed = NativeLibrary.getProcess()
                .getFunction("setenv")
                .invokeInt(new Object[] {"TORCH_ALLOW_TF32_CUBLAS_OVERRIDE", "1", 1});
        if (failed != 0) {
            throw new IllegalStateException("TensorFloat-32 cannot be allowed: setenv fails");
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
     * The device that a setting names. Whether there is a GPU is libtorch's own answer: DJL's count needs a {@code libcudart.so},
     * which PyTorch's wheels do not have.
     *
     * @param choice {@code cpu}, {@code gpu} (the first), {@code gpu1} (the second) or {@code auto}: the first GPU where there is
     *     one, else the CPU
     * @throws IllegalArgumentException if it is not one of these, or a GPU that libtorch cannot use
     */
    public static Device device(String choice) {
        String name = choice.toLowerCase(Locale.ROOT);
        if (!name.matches("cpu|auto|gpu\\d{0,3}")) {
            throw new IllegalArgumentException("device '%s': it is cpu, gpu, gpu<number> or auto".formatted(choice));
        }
        if (name.equals("cpu")) {
            return Device.cpu();
        }
        boolean cuda = engine().hasCapability(StandardCapabilities.CUDA);
        if (name.equals("auto") && !cuda) {
            return Device.cpu();
        }
        if (!cuda) {
            throw new IllegalArgumentException(
                    "device '%s': libtorch sees no GPU here; it is %s".formatted(choice, libtorch()));
        }
        Device gpu = Device.gpu(name.matches("gpu\\d+") ? Integer.parseInt(name.substring(3)) : 0);
        try (NDManager scope = engine().newBaseManager(gpu)) {
            NDArray unused = scope.create(0f);
        } catch (EngineException e) {
            throw new IllegalArgumentException(
                    "device '%s': libtorch cannot use that GPU: %s".formatted(choice, firstLine(e)), e);
        }
        return gpu;
    }

    private static String libtorch() {
        Path folder = Path.of(LibUtils.getLibtorchPath());
        return "%s in %s".formatted(CudaWheels.isForCuda(folder) ? "the one for CUDA" : "the one for CPUs", folder);
    }

    private static String firstLine(EngineException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** Bytes in use on a GPU, by whichever process; empty on a CPU, and where CUDA's runtime library cannot be found to ask. */
    public static OptionalLong memoryInUse(Device device) {
        return device.isGpu() && CudaUtils.hasCuda()
                ? OptionalLong.of(CudaUtils.getGpuMemory(device).getUsed())
                : OptionalLong.empty();
    }

    private static Engine load() {
        // DJL would otherwise look for newer native code, models and usage counters on the network.
        setUnlessSet("ai.djl.offline", "true");
        setUnlessSet("OPT_OUT_TRACKING", "true");
        // Before DJL is: it looks for CUDA's runtime once, while it loads.
        String folders = Utils.getEnvOrSystemProperty("PYTORCH_LIBRARY_PATH", "");
        for (String folder : folders.split(File.pathSeparator, -1)) {
            CudaWheels.runtime(Path.of(folder)).ifPresent(CudaWheels::showToDjl);
        }
        try {
            return Engine.getEngine("PyTorch");
        } catch (EngineException e) {
            if (CudaWheels.lacksDriver(e)) {
                // Without its cause: what is printed at a start is the innermost one.
                throw new IllegalStateException(CudaWheels.NO_DRIVER);
            }
            throw e;
        }
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
