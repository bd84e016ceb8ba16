package dev.murmuration.stage;

import dev.murmuration.stage.settings.SettingException;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Whether a service uses the GPU that is reserved for it. One that takes {@code device = auto} and finds none would compute on
 * the processor, correctly and many times too slowly: that is logged, counted, and with {@code gpu.required} an error.
 */
@ApplicationScoped
public class GpuUse {

    private static final Logger LOG = Logger.getLogger(GpuUse.class);
    private static final Set<String> NO_DEVICES = Set.of("", "void", "none");

    private final GpuSettings settings;
    private final MeterRegistry meters;
    private final Map<String, String> environment;
    private final AtomicInteger unused = new AtomicInteger();

    /** By injection. */
    @Inject
    public GpuUse(GpuSettings settings, MeterRegistry meters) {
        this(settings, meters, System.getenv());
    }

    GpuUse(GpuSettings settings, MeterRegistry meters, Map<String, String> environment) {
        this.settings = settings;
        this.meters = meters;
        this.environment = environment;
    }

    /**
     * Reports where a service computes.
     *
     * @param setting name of the setting that chose the device
     * @param choice its value
     * @param isGpu whether the device is a GPU
     * @throws SettingException if it is not, a GPU is reserved, the choice was {@code auto} and {@code gpu.required} is set
     */
    public void report(String setting, String choice, boolean isGpu) {
        boolean isUnused = !isGpu && isReserved(environment);
        if (isUnused && choice.toLowerCase(Locale.ROOT).equals("auto")) {
            if (settings.required()) {
                throw new SettingException(
                        setting, choice, "libtorch sees no GPU, and gpu.required = true: one is reserved here");
            }
            LOG.warnf(
                    "%s = %s: a GPU is reserved here, but libtorch sees none: computing on the processor. gpu.required = true makes this an error",
                    setting, choice);
        }
        unused.set(isUnused ? 1 : 0);
        meters.gauge("murmuration.gpu.unused", unused);
    }

    /** Whether an environment is that of a container for CUDA, or of one that was given a GPU. */
    static boolean isReserved(Map<String, String> environment) {
        return environment.getOrDefault("PYTORCH_FLAVOR", "").startsWith("cu")
                || !NO_DEVICES.contains(environment.getOrDefault("NVIDIA_VISIBLE_DEVICES", ""));
    }
}
